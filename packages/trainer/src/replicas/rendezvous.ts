/// <reference lib="es2024.sharedmemory" />

const ARRIVED = 0;
const MEETING = 1;
const ORDER = 2;
const ORDERS_GIVEN = 3;

/** What replica 0 orders the others to do. */
const Order = { step: 0, verify: 1 } as const;
type OrderName = keyof typeof Order;

/**
 * How replicas wait for each other, with Atomics on shared memory. No message is sent, and what was written before a
 * meeting is visible after it. Replica 0, the process's main thread, never blocks: it still handles signals, timers and
 * the failure of a thread.
 */
export class Rendezvous {
  private ordersSeen = 0;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly signals: Int32Array,
    private readonly replicas: number,
  ) {}

  /** For replica 0: lets the others begin. */
  give(order: OrderName): void {
    Atomics.store(this.signals, ORDER, Order[order]);
    Atomics.add(this.signals, ORDERS_GIVEN, 1);
    Atomics.notify(this.signals, ORDERS_GIVEN);
  }

  /** For the others: blocks until there is an order that this replica has not followed yet. */
  awaitOrder(): OrderName {
    while (Atomics.load(this.signals, ORDERS_GIVEN) === this.ordersSeen)
      Atomics.wait(this.signals, ORDERS_GIVEN, this.ordersSeen);
    this.ordersSeen++;
    return Atomics.load(this.signals, ORDER) === Order.verify ? 'verify' : 'step';
  }

  /** For the others: blocks until all have arrived. */
  meet(): void {
    const meeting = this.arrive();
    while (this.goesOn(meeting)) Atomics.wait(this.signals, MEETING, meeting);
  }

  /**
   * For replica 0: resolves when all have arrived.
   * @throws the error passed to `fail`, because that replica never arrives
   */
  async meetAsync(): Promise<void> {
    this.requireAll();
    const meeting = this.arrive();
    while (this.goesOn(meeting)) {
      this.requireAll();
      const { async, value } = Atomics.waitAsync(this.signals, MEETING, meeting);
      if (async) await Promise.race([value, new Promise<void>((resolve) => (this.wake = resolve))]);
    }
  }

  /** For replica 0: reports that a replica is gone. `meetAsync` then throws the first error reported. */
  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private requireAll(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Counts this replica, and ends the meeting if it is the last to arrive. Returns the meeting's number. */
  private arrive(): number {
    const meeting = Atomics.load(this.signals, MEETING);
    if (Atomics.add(this.signals, ARRIVED, 1) + 1 === this.replicas) {
      Atomics.store(this.signals, ARRIVED, 0);
      Atomics.add(this.signals, MEETING, 1);
      Atomics.notify(this.signals, MEETING);
    }
    return meeting;
  }

  private goesOn(meeting: number): boolean {
    return Atomics.load(this.signals, MEETING) === meeting;
  }
}
