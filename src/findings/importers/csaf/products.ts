import { isObject, listAt, textAt, textsAt } from '../../json-fields.ts';

export interface Product {
  readonly name: string;
  readonly purl?: string;
}

const NODES_MAX = 1_000_000;

function productOf(value: unknown): Product | undefined {
  const name = textAt(value, 'name');
  const helper = 'product_identification_helper';
  const purl = textAt(value, helper, 'purl') ?? textsAt(value, helper, 'purls')[0];
  if (name === undefined) return undefined;
  return purl === undefined ? { name } : { name, purl };
}

/** Products of a CSAF product tree by their id (CSAF 2.0 §3.2.2): branches, plain names and relationships. */
export function readProducts(tree: unknown): ReadonlyMap<string, Product> {
  const products = new Map<string, Product>();
  const add = (value: unknown) => {
    const id = textAt(value, 'product_id');
    const product = productOf(value);
    if (id !== undefined && product !== undefined) products.set(id, product);
  };
  const left: unknown[] = [...listAt(tree, 'branches')];
  for (let at = 0; at < left.length && at < NODES_MAX; at += 1) {
    const branch = left[at];
    if (!isObject(branch)) continue;
    add(branch['product']);
    for (const inner of listAt(branch, 'branches')) left.push(inner);
  }
  for (const name of listAt(tree, 'full_product_names')) add(name);
  for (const relationship of listAt(tree, 'relationships')) {
    const whole = relationship;
    add(isObject(whole) ? whole['full_product_name'] : undefined);
    // The package URL of a part stands at the part, not at the part within its product.
    const part = products.get(textAt(whole, 'product_reference') ?? '');
    const id = textAt(whole, 'full_product_name', 'product_id');
    const named = id === undefined ? undefined : products.get(id);
    if (id !== undefined && named !== undefined && named.purl === undefined && part?.purl !== undefined)
      products.set(id, { ...named, purl: part.purl });
  }
  return products;
}
