import type { Field, Fields } from "./fields";

const lifecycle: Record<string, Field> = {
  triggers: { type: "any-list" },
  create: { type: "string" },
  update: { type: "string" },
  delete: { type: "string" },
};

const localBase: Record<string, Field> = {
  stdin: { type: "string" },
  logging: { type: "string" },
  interpreter: { type: "strings" },
  dir: { type: "string" },
  environment: { type: "string-map" },
  assetPaths: { type: "strings" },
  archivePaths: { type: "strings" },
  addPreviousOutputInEnv: { type: "boolean" },
};

const connectionBase: Record<string, Field> = {
  user: { type: "string", default: "root" },
  password: { type: "string", secret: true },
  host: { type: "string", required: true },
  port: { type: "number", default: 22 },
  privateKey: { type: "string", secret: true },
  privateKeyPassword: { type: "string", secret: true },
  agentSocketPath: { type: "string" },
  dialErrorLimit: { type: "number", default: 10 },
  perDialTimeout: { type: "number", default: 15 },
  hostKey: { type: "string" },
};

const connection: Field = {
  type: {
    of: "remote.Connection",
    fields: {
      ...connectionBase,
      proxy: { type: { of: "remote.ProxyConnection", fields: connectionBase } },
    },
  },
  required: true,
  secret: true,
};

/** Inputs of local.Command. */
export const localCommandFields: Fields = {
  of: "local.CommandInputs",
  fields: { ...lifecycle, ...localBase },
};

/** Arguments of the function local.run. */
export const localRunFields: Fields = {
  of: "local.RunInputs",
  fields: { ...localBase, command: { type: "string", required: true } },
};

/** Inputs of remote.Command. */
export const remoteCommandFields: Fields = {
  of: "remote.CommandInputs",
  fields: {
    ...lifecycle,
    stdin: { type: "string" },
    logging: { type: "string" },
    connection,
    environment: { type: "string-map" },
    addPreviousOutputInEnv: { type: "boolean" },
  },
};

/** Inputs of remote.CopyToRemote. */
export const copyToRemoteFields: Fields = {
  of: "remote.CopyToRemoteInputs",
  fields: {
    connection,
    triggers: { type: "any-list" },
    source: { type: "asset-or-archive", required: true },
    remotePath: { type: "string", required: true },
  },
};

/** Inputs of remote.CopyFile, which is deprecated and still there. */
export const copyFileFields: Fields = {
  of: "remote.CopyFileInputs",
  fields: {
    connection,
    triggers: { type: "any-list" },
    localPath: { type: "string", required: true },
    remotePath: { type: "string", required: true },
  },
};
