import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MessageAuthentication } from '../messageAuthentication.ts';

export class HmacSha256 implements MessageAuthentication {
  tag(secret: string, bytes: Uint8Array): Uint8Array {
    return new Uint8Array(createHmac('sha256', secret).update(bytes).digest());
  }

  areEqual(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
  }
}
