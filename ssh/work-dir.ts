import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SshConnection } from "./connection";
import { quote } from "./shell-quote";
import { SshError } from "./ssh-error";
import { describeHost } from "./target";

/**
 * Makes the folder on a host that only this site's long runs use: 0700, owned by the login user so that large
 * files go in by SFTP, with run.sh in it. Refuses a path that is a link or somebody else's.
 */
export async function prepareWorkDir(connection: SshConnection, path: string): Promise<void> {
  const dir = quote(path);
  const { user } = connection.target;
  const said = await connection.run(
    `make the work folder ${path}`,
    `
if [ -L ${dir} ]; then echo "a link"; exit 0; fi
if [ -e ${dir} ]; then
  [ -d ${dir} ] || { echo "not a folder"; exit 0; }
  owner=$(stat -c %U ${dir})
  [ "$owner" = ${quote(user)} ] || [ "$owner" = root ] || { echo "owned by $owner"; exit 0; }
fi
mkdir -p -m 0755 ${dir} && chown ${quote(user)} ${dir} && chmod 0700 ${dir}`,
    { sudo: true },
  );
  if (said.trim() !== "") {
    const host = describeHost(connection.target);
    throw new SshError(
      "command-failed",
      host,
      `${host}: the work folder ${path} cannot be used: it is ${said.trim()}`,
      "move it away there, or give the site another work folder",
    );
  }
  await writeFile(connection, `${path}/run.sh`, readFileSync(join(__dirname, "run.sh")), 0o700);
}

/** Puts a small file in its place in one step, as root; its content travels on standard input. */
export async function writeFile(
  connection: SshConnection,
  path: string,
  content: string | Buffer,
  mode: number,
): Promise<void> {
  const [target, fresh] = [quote(path), quote(`${path}.new`)];
  await connection.run(
    `write ${path}`,
    `umask 077 && cat > ${fresh} && chmod ${mode.toString(8)} ${fresh} && mv -f ${fresh} ${target}`,
    { sudo: true, stdin: content },
  );
}
