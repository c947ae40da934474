import type { DropoutSite } from '../../layers/operation.ts';
import type { Ops, TrainingPass } from '../operator.ts';
import type { Value } from '../value.ts';

/**
 * Dropout at the end of an operation; its mask is a function of (seed, step, site), so backward recomputes it instead
 * of keeping it.
 */
export class DropoutTail {
  private key = 0;

  constructor(
    private readonly site: DropoutSite | null,
    private readonly ops: Ops,
  ) {}

  forward(y: Value, { seed, step }: TrainingPass): Value {
    if (this.site === null) return y;
    this.key = this.ops.dropoutKey(seed, step, this.site.site);
    return this.apply(y);
  }

  backward(dy: Value): Value {
    return this.apply(dy);
  }

  private apply(value: Value): Value {
    if (this.site === null) return value;
    const { rate, perChannel } = this.site;
    return value.replace((tensor) => this.ops.dropout(tensor, { rate, key: this.key, perChannel }));
  }
}
