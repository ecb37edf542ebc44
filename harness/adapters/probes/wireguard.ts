import { Buffer } from "node:buffer";
import { blake2s } from "@noble/hashes/blake2.js";
import { hmac } from "@noble/hashes/hmac.js";
import { createCipheriv, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

// The first message of WireGuard's handshake, Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s.
// Source: Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", section 5.4.

const construction = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
const identifier = "WireGuard v1 zx2c4 Jason@zx2c4.com";
const labelMac1 = "mac1----";
/** Sizes of messages in bytes, and their types. */
const initiation = { type: 1, size: 148 };
const response = { type: 2, size: 92 };
/** Seconds between 1970-01-01 TAI and UTC as TAI64 labels count them: 2^62 + 10. */
const tai64Base = 0x400000000000000an;

/**
 * A handshake initiation from the peer that owns `privateKey` to the responder with `publicKey` (both base64).
 * `now` is in milliseconds since 1970; a responder ignores an initiation that is not newer than the last one.
 */
export function handshakeInitiation(
  keys: { readonly publicKey: string; readonly privateKey: string },
  senderIndex: number,
  now: number,
): Uint8Array {
  const responder = Buffer.from(keys.publicKey, "base64");
  const responderKey = publicKeyOf(responder);
  const own = privateKeyOf(Buffer.from(keys.privateKey, "base64"));
  const ownPublic = rawPublic(createPublicKey(own));
  const ephemeral = generateKeyPairSync("x25519");
  const ephemeralPublic = rawPublic(ephemeral.publicKey);

  const start = hash(construction);
  let transcript = hash(hash(start, identifier), responder);
  let [chain] = derive(start, ephemeralPublic);
  transcript = hash(transcript, ephemeralPublic);
  let key: Uint8Array;
  [chain, key] = derive(chain, diffieHellman({ privateKey: ephemeral.privateKey, publicKey: responderKey }));
  const sealedStatic = seal(key, ownPublic, transcript);
  transcript = hash(transcript, sealedStatic);
  [, key] = derive(chain, diffieHellman({ privateKey: own, publicKey: responderKey }));
  const sealedTime = seal(key, tai64n(now), transcript);

  const head = Buffer.alloc(8);
  head[0] = initiation.type;
  head.writeUInt32LE(senderIndex, 4);
  const body = Buffer.concat([head, ephemeralPublic, sealedStatic, sealedTime]);
  const mac1 = blake2s(body, { key: hash(labelMac1, responder), dkLen: 16 });
  return Buffer.concat([body, mac1, Buffer.alloc(16)]);
}

/** True if `message` is a handshake response to the initiation with this sender index. */
export function isHandshakeResponse(message: Uint8Array, senderIndex: number): boolean {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  return message.length === response.size && message[0] === response.type && view.getUint32(8, true) === senderIndex;
}

function hash(...parts: (string | Uint8Array)[]): Uint8Array {
  return blake2s(Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));
}

function derive(chain: Uint8Array, input: Uint8Array): [Uint8Array, Uint8Array] {
  const secret = hmac(blake2s, chain, input);
  const first = hmac(blake2s, secret, Uint8Array.of(1));
  return [first, hmac(blake2s, secret, Buffer.concat([first, Uint8Array.of(2)]))];
}

function seal(key: Uint8Array, plain: Uint8Array, associated: Uint8Array): Buffer {
  const cipher = createCipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(associated, { plaintextLength: plain.length });
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function tai64n(now: number): Buffer {
  const stamp = Buffer.alloc(12);
  stamp.writeBigUInt64BE(tai64Base + BigInt(Math.floor(now / 1_000)), 0);
  stamp.writeUInt32BE((now % 1_000) * 1_000_000, 8);
  return stamp;
}

function rawPublic(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: "jwk" }).x as string, "base64url");
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "X25519", x: raw.toString("base64url") }, format: "jwk" });
}

function privateKeyOf(raw: Buffer): KeyObject {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), raw]);
  return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
}
