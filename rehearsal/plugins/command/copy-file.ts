import { ProviderFailure } from "../protocol/failure";
import { connectionOf } from "./connection";
import { dial } from "./dial";
import { uniqueId } from "./identity";
import { RemoteFiles } from "./remote-files";
import type { CommandResource } from "./resource";
import { checkLocal, copyFileTo } from "./sftp-copy";
import { copyFileFields } from "./tables";

/** remote.CopyFile: one file put on a host; every change makes it anew. */
export const copyFile: CommandResource = {
  fields: copyFileFields,
  emptyOutputs: {},
  newId: (_name, preview) => (preview ? "" : uniqueId("")),
  create: async (work, inputs) => {
    const source = String(inputs.localPath);
    const entry = await checkLocal(source);
    if (entry.isDirectory()) throw new ProviderFailure(`read ${source}: is a directory`);
    const { client, hangUp } = await dial(connectionOf(inputs), work.log, work.signal);
    try {
      const files = await RemoteFiles.open(client, work.signal);
      await copyFileTo(files, source, String(inputs.remotePath));
    } finally {
      hangUp();
    }
    return {};
  },
};
