import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { SulcusError } from '../../contracts/errors.js';

/** `temporal.api.enums.v1.IndexedValueType`, as the server's protocol numbers them. */
const INDEXED_VALUE_TYPE = { Keyword: 2, Int: 3 } as const;

/** Search attributes are missing on a server that is not ours, and it does not let us add them. */
export class SearchAttributesError extends SulcusError {
  constructor(missing: string[], namespace: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super('search-attributes', `the namespace ${namespace} lacks the search attributes ${missing.join(', ')} and they cannot be added: ${why}`, {
      remedy: `ask its operator for: temporal operator search-attribute create ${missing.map((name) => `--name ${name} --type ${typeOf(name)}`).join(' ')}`,
      cause,
    });
  }
}

const typeOf = (name: string): 'Keyword' | 'Int' => SEARCH_ATTRIBUTES[name as keyof typeof SEARCH_ATTRIBUTES];

/** Registers sulcus' search attributes with a server that is not ours. The embedded server is started with them. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { operatorService } = connection;
  let missing: string[] = Object.keys(SEARCH_ATTRIBUTES);
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    missing = missing.filter((name) => !(name in customAttributes));
    if (missing.length === 0) return;
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE[typeOf(name)]])) });
  } catch (cause) {
    throw new SearchAttributesError(missing, namespace, cause);
  }
}
