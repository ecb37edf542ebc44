/** An IPv4 network as numbers; both ends belong to it. */
export interface Network {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
  /** As it should be written, such as `192.0.2.0/24`. */
  readonly text: string;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** Reads a valid `ADDRESS/PREFIX`; bits behind the prefix are ignored. */
export function network(cidr: string): Network {
  const [address, digits] = cidr.split("/");
  const prefix = Number(digits);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(address) / size) * size;
  return { first, last: first + size - 1, prefix, text: `${toAddress(first)}/${prefix}` };
}

/** True if a host may have the address: inside, and neither the network's own address nor its broadcast address. */
export function hasHost({ first, last }: Network, address: string): boolean {
  const number = toNumber(address);
  return number > first && number < last;
}

/** True if the two share an address. */
export function overlap(one: Network, other: Network): boolean {
  return one.first <= other.last && other.first <= one.last;
}
