import { textsAt } from '../../json-fields.ts';

/** Items of a list by the products they are about; looked up as often as there are products, so never searched. */
export interface ProductIndex {
  /** Items that name the product, and those that name none; all of them for no product. */
  about(product: string | undefined): readonly unknown[];
}

/** An item without `product_ids` and `products` is about all of them. */
export function indexByProduct(items: readonly unknown[]): ProductIndex {
  const general: unknown[] = [];
  const byProduct = new Map<string, unknown[]>();
  for (const item of items) {
    const ids = new Set([...textsAt(item, 'product_ids'), ...textsAt(item, 'products')]);
    if (ids.size === 0) general.push(item);
    for (const id of ids) {
      const known = byProduct.get(id);
      if (known === undefined) byProduct.set(id, [item]);
      else known.push(item);
    }
  }
  return {
    about: (product) => (product === undefined ? items : [...(byProduct.get(product) ?? []), ...general]),
  };
}
