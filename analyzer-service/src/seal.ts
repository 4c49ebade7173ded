import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';

/** A key of the environment: 32 bytes and a name that says which it is. */
export interface SealKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface Sealed {
  /** Null when it is not encrypted. */
  readonly keyId: string | null;
  /** Base64. */
  readonly text: string;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with the first key (AES-256-GCM), or keeps it as it is when there is none. `owner` cannot be changed unnoticed. */
export function seal(keys: readonly SealKey[], owner: string, content: Buffer): Sealed {
  const [current] = keys;
  if (!current) return { keyId: null, text: content.toString('base64') };
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, current.key, nonce).setAAD(Buffer.from(owner));
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return { keyId: current.id, text: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64') };
}

/** Throws `invalid_configuration` when the key is not there or is another one under the same name. */
export function unseal(keys: readonly SealKey[], owner: string, { keyId, text }: Sealed): Buffer {
  const content = Buffer.from(text, 'base64');
  if (keyId === null) return content;
  const found = keys.find(({ id }) => id === keyId);
  if (!found)
    throw new AppError(
      'invalid_configuration',
      `What is kept as ${owner} is encrypted with the key "${keyId}", which ANALYSIS_KEYS does not hold. Put it back there, behind the current key.`,
    );
  try {
    const nonce = content.subarray(0, NONCE_BYTES);
    const tag = content.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, found.key, nonce).setAAD(Buffer.from(owner)).setAuthTag(tag);
    return Buffer.concat([decipher.update(content.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new AppError(
      'invalid_configuration',
      `The key "${keyId}" of ANALYSIS_KEYS is not the one that ${owner} was encrypted with. Give the right key under this name.`,
      { cause: error },
    );
  }
}
