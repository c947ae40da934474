/** The exports of a CommonJS module: Node finds their names, but a bundle's chunk has them only under `default`. */
export function namedExports<Module extends object>(module: Module & { readonly default?: Module }): Module {
  return module.default ?? module;
}
