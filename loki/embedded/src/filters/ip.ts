import { BlockList, isIP } from 'node:net';
import { badRequest } from '../errors.ts';

export type IpTest = (address: string) => boolean;

/** The test of ip("1.2.3.4"), ip("10.0.0.0/8") or ip("10.0.0.1-10.0.0.9") on one address. */
export function compileIpPattern(pattern: string): IpTest {
  const invalid = (): Error => badRequest(`parse error : invalid pattern: ip: invalid pattern (${pattern})`);
  const list = new BlockList();
  const family = (address: string): 'ipv4' | 'ipv6' => {
    const version = isIP(address);
    if (version === 0) throw invalid();
    return version === 4 ? 'ipv4' : 'ipv6';
  };
  try {
    addRule(list, pattern.trim(), family);
  } catch {
    throw invalid();
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function addRule(list: BlockList, pattern: string, family: (address: string) => 'ipv4' | 'ipv6'): void {
  if (pattern.includes('/')) {
    const [network = '', prefix = ''] = pattern.split('/');
    if (!/^\d+$/.test(prefix)) throw new Error('prefix is no number');
    list.addSubnet(network, Number(prefix), family(network));
  } else if (pattern.includes('-')) {
    const [first = '', last = ''] = pattern.split('-').map((address) => address.trim());
    list.addRange(first, last, family(first));
  } else {
    list.addAddress(pattern, family(pattern));
  }
}

const ADDRESS = /[0-9a-fA-F:.]+/g;

/** Whether any address within the line passes the test. */
export function lineHasAddress(line: string, test: IpTest): boolean {
  for (const candidate of line.match(ADDRESS) ?? []) {
    if (candidate.length < 2) continue;
    const trimmed = candidate.replace(/^[.]+|[.]+$/g, '');
    if (test(trimmed) || test(trimmed.replace(/:\d*$/, ''))) return true;
  }
  return false;
}
