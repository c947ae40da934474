/** What a CommonJS module exports: Node finds its names, but a bundle's chunk has them below `default` alone. */
export function namedExports<Module extends object>(module: Module & { readonly default?: Module }): Module {
  return module.default ?? module;
}
