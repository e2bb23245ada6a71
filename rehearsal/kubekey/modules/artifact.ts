import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { quoted } from "../engine/shell-text";

/** Unpacks the artifact into the work directory, unless that very artifact was unpacked before. */
export function unpackArtifact(session: Session, artifact: string | undefined): Module {
  const md5File = join(session.workDir, "artifact.md5");
  let md5 = "";
  let unchanged = false;
  return {
    name: "UnArchiveArtifactModule",
    skip: artifact === undefined,
    tasks: () => [
      task({
        name: "CheckArtifactMd5",
        description: "Check the KubeKey artifact md5 value",
        run: async () => {
          md5 = await md5Of(artifact ?? "");
          unchanged = existsSync(md5File) && readFileSync(md5File, "utf8").trim() === md5;
        },
      }),
      task({
        name: "UnArchiveArtifact",
        description: "UnArchive the KubeKey artifact",
        when: () => !unchanged,
        run: async () => {
          runLocally(
            `unArchive ${artifact}`,
            `tar -xzf ${quoted(artifact ?? "")} -C ${quoted(session.workDir)} --no-same-owner`,
          );
        },
      }),
      task({
        name: "CreateArtifactMd5File",
        description: "Create the KubeKey artifact Md5 file",
        when: () => !unchanged,
        run: async () => writeFileSync(md5File, md5),
      }),
    ],
  };
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Makes sure that every file kk needs is in the work directory; the real one would try the Internet. */
export function binaries(
  session: Session,
  name: string,
  paths: (arch: string) => readonly string[],
): Module {
  const arches = [...new Set(session.plan.hosts.map((host) => host.arch))];
  return {
    name,
    tasks: () => [
      task({
        name: "DownloadBinaries",
        description:
          name === "RegistryPackageModule"
            ? "Download registry package"
            : "Download installation binaries",
        run: async () => {
          for (const arch of arches) {
            for (const path of paths(arch)) need(session, path);
          }
        },
      }),
    ],
  };
}

function need(session: Session, path: string): void {
  const file = join(session.workDir, path);
  const short = path.split("/")[0] ?? path;
  if (existsSync(file)) {
    session.journal.info(`message: [localhost]\n${short} exists: ${path}`);
    return;
  }
  session.journal.info(
    `message: [localhost]\ndownloading ${path.split("/").slice(1, 3).join(" ")} ...`,
  );
  throw new Error(
    `Failed to download ${short} binary: curl -L -o ${file} https://… error: curl: (6) Could not resolve host: no route out of the site`,
  );
}
