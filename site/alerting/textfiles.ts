/** Folder of every node into which programs put figures of their own, as files `*.prom`: backups tell their age so. */
export const textfileFolder = "/var/lib/node_exporter";
