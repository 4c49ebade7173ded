import type { Detector } from './detector.ts';

const EMAIL =
  /[A-Za-z0-9](?:[A-Za-z0-9._%+-]{0,63})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![\w-])/g;
/** Files and units of systemd that have an @ in their name, and versions of packages. */
const NO_DOMAIN =
  /\.(?:png|jpe?g|gif|svg|webp|js|mjs|cjs|ts|css|map|tgz|gz|zip|json|html?|ya?ml|service|timer|socket|mount|target|slice|scope|path|class|java|jar|local)$|@\d+\.\d/i;

export const hideEmails: Detector = (text, hide) =>
  text.includes('@')
    ? text.replace(EMAIL, (address) =>
        NO_DOMAIN.test(address) || address.startsWith('git@') ? address : hide('email', address),
      )
    : text;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** Not the version of a product (Chrome/1.2.3.4, v1.2.3.4), nor a part of a longer number. */
const IPV4 = new RegExp(
  `(?<![\\w.]|[A-Z][A-Za-z]{1,30}/|[vV]ersion[ =:]{1,3})${OCTET}(?:\\.${OCTET}){3}(?!\\w|\\.\\d)`,
  'g',
);
const MAY_BE_IPV4 = /\d\.\d{1,3}\.\d/;
const IPV6 = /(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:])/g;
const MAY_BE_IPV6 = /::|:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:/;

/** Addresses of the internet protocol; those that every machine gives itself identify nobody and stay. */
export const hideIpAddresses: Detector = (text, hide) => {
  let written = text;
  if (MAY_BE_IPV4.test(text))
    written = written.replace(IPV4, (address) =>
      address.startsWith('127.') || address === '0.0.0.0' || address === '255.255.255.255'
        ? address
        : hide('ip', address),
    );
  if (MAY_BE_IPV6.test(written))
    written = written.replace(IPV6, (address) => (isIpv6(address) ? hide('ip', address) : address));
  return written;
};

/** Eight groups, or fewer with one "::"; no time of day, no hardware address, no name with "::" in it. */
function isIpv6(address: string): boolean {
  if (!/\d/.test(address) || address === '::1') return false;
  const halves = address.split('::');
  const groups = address.split(':').filter((group) => group !== '').length;
  if (halves.length === 2) return groups >= 1 && groups <= 7 && !/^:[^:]|[^:]:$/.test(address);
  return halves.length === 1 && groups === 8;
}
