import { parseInt64 } from '../../../base/integer.ts';
import { type Keyspace, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { collectionAt } from '../../keyspace/value/collectionAt.ts';

/** An int64 has at most 20 characters. */
const INTEGER_TEXT_MAX = 20;
/** With header and terminator 64 bytes, Redis's smallest allocation that holds object and bytes together. */
const EMBEDDED_BYTES_MAX = 44;

/** As OBJECT ENCODING prints it. */
export function encodingName(keyspace: Keyspace, ref: Ref): string {
  if (keyspace.type(ref) !== ValueType.string) return collectionAt(keyspace, ref).encoding();
  if (keyspace.isRaw(ref)) return 'raw';
  const length = keyspace.stringLength(ref);
  if (length > EMBEDDED_BYTES_MAX) return 'raw';
  if (length <= INTEGER_TEXT_MAX && parseInt64(keyspace.stringView(ref), 0, length) !== undefined)
    return 'int';
  return 'embstr';
}
