import { getConnInfo } from '@hono/node-server/conninfo';
import { createMiddleware } from 'hono/factory';
import { BlockList, isIPv6 } from 'node:net';
import { AppError } from '../errors.ts';
import type { AppEnvironment } from './app-environment.ts';

/**
 * Lets in who calls from one of these addresses or networks, before anything else is looked at. What counts is where
 * the connection comes from: no header can pretend it. An empty list lets in everybody.
 */
export function allowAddresses(networks: readonly string[]) {
  const isAllowed = networks.length > 0 ? matcher(networks) : () => true;
  return createMiddleware<AppEnvironment>((c, next) => {
    if (networks.length === 0) return next();
    const address = getConnInfo(c).remote.address ?? '';
    if (isAllowed(address)) return next();
    throw new AppError(
      'forbidden',
      `Nobody may call from ${address || 'an unknown address'}. Ask the operator to name it in ALLOWED_IPS; behind a proxy, that is the address of the proxy.`,
    );
  });
}

function matcher(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    // A link-local address names its interface behind a percent sign.
    const [bare = ''] = address.split('%');
    return bare !== '' && list.check(bare, familyOf(bare));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
