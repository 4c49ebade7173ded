import type { SyntaxNode } from '@lezer/common';

/** A node of the parse tree together with the text it stands for. */
export type Source = { readonly text: string };

export function childNodes(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment') children.push(child);
  return children;
}

export const nodeText = (source: Source, node: SyntaxNode): string => source.text.slice(node.from, node.to);

/** The nodes named `item` of a left-recursive list node such as `Matchers`, in order. */
export function listItems(node: SyntaxNode, item: string): SyntaxNode[] {
  const items: SyntaxNode[] = [];
  const listName = node.name;
  for (let list: SyntaxNode | null = node; list;) {
    const children: SyntaxNode[] = childNodes(list);
    items.push(...children.filter((child) => child.name === item).toReversed());
    list = children.find((child) => child.name === listName) ?? null;
  }
  return items.toReversed();
}

export function requiredChild(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.getChild(name);
  if (!child) throw new Error(`the LogQL grammar gave a ${node.name} without ${name}`);
  return child;
}
