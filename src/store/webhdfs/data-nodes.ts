import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Failure } from './failure.ts';
import { type Endpoint, showEndpoint } from './options.ts';

/** Loopback, "this host", and link-local (which includes the metadata services of clouds). */
const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('0.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LOCAL.addSubnet('fe80::', 10, 'ipv6');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addAddress('::', 'ipv6');

export function isLocalAddress(address: string): boolean {
  return isIP(address) !== 0 && LOCAL.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** How long an answer of the name service, the exclusion of a DataNode, and its death are believed. Milliseconds. */
const LOOKUP_LIFE = 60_000;
const EXCLUSION_LIFE = 60_000;
const DEATH_LIFE = 20_000;

/** What one store knows of the DataNodes that it was sent to: where they are, and which do not work. */
export class DataNodes {
  readonly #lookups = new Map<string, { readonly addresses: Promise<LookupAddress[]>; readonly until: number }>();
  /** IP address → until when. A NameNode goes on naming a dead DataNode for ten minutes. */
  readonly #excluded = new Map<string, number>();
  /** `host:port` → until when. Where several share an IP address, or the NameNode knows another one, exclusion may fail. */
  readonly #dead = new Map<string, number>();

  /**
   * Where a DataNode is.
   *
   * @param nameNodeAddress the IP address that named it
   * @throws Failure `exclude` when its name does not resolve, `avoid` when it was dead a moment ago, `redirect` when it is this machine or link-local and the
   * NameNode is not: a hostile or broken answer must not reach services that listen here
   */
  async resolve(endpoint: Endpoint, nameNodeAddress: string): Promise<LookupAddress[]> {
    const server = showEndpoint(endpoint);
    if ((this.#dead.get(server) ?? 0) > performance.now()) {
      const reason = 'it could not be reached, and the NameNode names it again';
      throw new Failure({ action: 'avoid', source: 'DataNode', server, reason });
    }
    const addresses = await this.#lookUp(endpoint);
    const local = isLocalAddress(nameNodeAddress)
      ? undefined
      : addresses.find(({ address }) => isLocalAddress(address));
    if (local === undefined) return addresses;
    const reason = `a redirect to ${showEndpoint(endpoint)} (${local.address}) from the NameNode at ${nameNodeAddress} leads to this machine or a link-local address`;
    throw new Failure({ action: 'redirect', source: 'NameNode', server: nameNodeAddress, reason });
  }

  exclude(endpoint: Endpoint, addresses: readonly LookupAddress[]): void {
    const now = performance.now();
    this.#dead.set(showEndpoint(endpoint), now + DEATH_LIFE);
    for (const { address } of addresses) this.#excluded.set(address, now + EXCLUSION_LIFE);
  }

  /** After all were excluded, the NameNode has none left to name. */
  includeAll(): void {
    this.#excluded.clear();
    this.#dead.clear();
  }

  /** The value of `excludedatanodes=`: bare IP addresses; a name or an HTTP port has no effect there. */
  excluded(): string {
    const now = performance.now();
    return [...this.#excluded].flatMap(([address, until]) => (until > now ? [address] : [])).join(',');
  }

  async #lookUp(endpoint: Endpoint): Promise<LookupAddress[]> {
    const known = this.#lookups.get(endpoint.host);
    const now = performance.now();
    const addresses = known !== undefined && known.until > now ? known.addresses : lookup(endpoint.host, { all: true });
    if (addresses !== known?.addresses) this.#lookups.set(endpoint.host, { addresses, until: now + LOOKUP_LIFE });
    try {
      return await addresses;
    } catch (cause) {
      this.#lookups.delete(endpoint.host);
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'ENOTFOUND';
      const reason = `its name does not resolve here (${code})`;
      throw new Failure({ action: 'exclude', source: 'DataNode', server: showEndpoint(endpoint), reason, cause });
    }
  }
}
