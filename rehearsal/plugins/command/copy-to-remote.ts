import { ProviderFailure } from "../protocol/failure";
import type { CheckFailure } from "../protocol/provider";
import { Archive, Asset, type PropertyMap } from "../protocol/values";
import { connectionOf } from "./connection";
import { dial } from "./dial";
import { uniqueId } from "./identity";
import { RemoteFiles } from "./remote-files";
import type { CommandResource, Work } from "./resource";
import { copyPath, copyText } from "./sftp-copy";
import { copyToRemoteFields } from "./tables";

/** remote.CopyToRemote: a file, folder or text put on a host. What is there stays when it goes. */
export const copyToRemote: CommandResource = {
  fields: copyToRemoteFields,
  emptyOutputs: {},
  faults,
  newId: (_name, preview) => (preview ? "" : uniqueId("")),
  create: async (work, inputs) => {
    await copy(work, inputs);
    return {};
  },
  update: async (work, inputs, olds) => {
    const sameContent = hashOf(inputs) === hashOf(olds);
    if (!sameContent || inputs.remotePath !== olds.remotePath) await copy(work, inputs);
    return {};
  },
};

function faults({ source }: PropertyMap): CheckFailure[] {
  if (source instanceof Asset && source.path === undefined && source.uri !== undefined) {
    const reason = "asset must be a path-based file asset or a text asset";
    return [{ property: "asset", reason }];
  }
  if (source instanceof Archive && source.path === undefined) {
    return [{ property: "archive", reason: "archive must be a path to a file or directory" }];
  }
  return [];
}

function hashOf({ source }: PropertyMap): string | undefined {
  return source instanceof Asset || source instanceof Archive ? source.hash : undefined;
}

async function copy(work: Work, inputs: PropertyMap): Promise<void> {
  const { source } = inputs;
  const target = String(inputs.remotePath);
  const connection = connectionOf(inputs);
  if (!(source instanceof Asset) && !(source instanceof Archive)) {
    throw new ProviderFailure("either asset or archive must be set");
  }
  const from = source.path === undefined ? "text asset" : `local file ${source.path}`;
  work.log.debug(`Creating file: ${connection.host}:${target} from ${from}`);
  const { client, hangUp } = await dial(connection, work.log, work.signal);
  try {
    const files = await RemoteFiles.open(client, work.signal);
    if (source.path !== undefined) await copyPath(files, source.path, target);
    else await copyText(files, source instanceof Asset ? (source.text ?? "") : "", target);
  } finally {
    hangUp();
  }
}
