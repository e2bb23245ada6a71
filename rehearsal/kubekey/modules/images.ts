import { join } from "node:path";
import { type LayoutImage, pushImage, pushManifestList, readLayout } from "../cluster/image-push";
import { type HostPlan, siteImage } from "../cluster/plan";
import { RegistryClient } from "../cluster/registry-client";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";

const copyTries = 5;

/** Copies the artifact's images into the site's registry. A failed copy shows in full on stdout only, as in the real one. */
export function pushImages(
  session: Session,
  options: { readonly skip: boolean; readonly folder?: string },
): Module {
  const { plan, journal } = session;
  const folder = options.folder ?? join(session.workDir, "images");
  let pushed: LayoutImage[] | undefined;
  return {
    name: "CopyImagesToRegistryModule",
    skip: options.skip,
    tasks: () => [
      task({
        name: "CopyImagesToRegistry",
        description: "Copy images to a private registry from an artifact OCI Path",
        run: async () => {
          const client = new RegistryClient(plan);
          try {
            const images = readLayout(folder);
            for (const image of images) {
              journal.info(`Source: oci:${folder}:${image.ref}`);
              journal.info(
                `Destination: docker://${client.host}/${image.repository}:${image.tag}-${image.arch}`,
              );
              // The real one wraps an error that is nil by then, so the task counts as done and the next one fails.
              if (!(await copied(session, client, folder, image))) return;
            }
            pushed = images;
          } finally {
            client.close();
          }
        },
      }),
      task({
        name: "PushManifest",
        description: "Push multi-arch manifest to private registry",
        run: async () => {
          if (pushed === undefined) throw new Error("get manifest list failed by module cache");
          const client = new RegistryClient(plan);
          try {
            for (const [name, images] of byReference(pushed)) {
              journal.info(`Push multi-arch manifest list: ${client.host}/${name}`);
              const [first] = images;
              if (first !== undefined)
                await pushManifestList(client, first.repository, first.tag, images);
            }
          } finally {
            client.close();
          }
        },
      }),
    ],
  };
}

async function copied(
  session: Session,
  client: RegistryClient,
  folder: string,
  image: LayoutImage,
): Promise<boolean> {
  for (let attempt = 0; attempt < copyTries; attempt++) {
    try {
      await pushImage(client, folder, image);
      return true;
    } catch (error) {
      session.journal.print(
        `copy image failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return false;
}

function byReference(images: readonly LayoutImage[]): Map<string, LayoutImage[]> {
  const groups = new Map<string, LayoutImage[]>();
  for (const image of images) {
    const name = `${image.repository}:${image.tag}`;
    groups.set(name, [...(groups.get(name) ?? []), image]);
  }
  return groups;
}

/** Asks the registry for every image that a node would pull. Nothing is stored on the node: kwok runs no containers. */
export function pullImages(session: Session, skip: boolean): Module {
  const { plan } = session;
  const hosts: readonly HostPlan[] = plan.hosts;
  const missing = new Map<string, string>();
  return {
    name: "PullModule",
    skip,
    tasks: () => [
      task({
        name: "CheckImages",
        description: "Start to pull images on all nodes",
        tries: 3,
        run: async () => {
          missing.clear();
          if (plan.registry.host === "")
            throw new Error(
              "pull image failed: dial tcp: lookup registry-1.docker.io: no such host",
            );
          const client = new RegistryClient(plan);
          try {
            for (const image of plan.images) {
              const name = siteImage(plan, image).slice(client.host.length + 1);
              const [, repository, tag] = /^(.*):([^:]+)$/.exec(name) ?? [];
              const answer = await client.send(
                "HEAD",
                `/v2/${repository}/manifests/${tag}`,
                undefined,
                {
                  accept:
                    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json",
                },
              );
              if (answer.status !== 200)
                missing.set(
                  `${client.host}/${name}`,
                  answer.status === 401 ? "unauthorized" : "not found",
                );
            }
          } finally {
            client.close();
          }
          const [first] = missing;
          if (first !== undefined) {
            throw new Error(
              `pull image failed: Failed to exec command: crictl pull ${first[0]}: ${first[1]} (on ${hosts[0]?.name} and others)`,
            );
          }
          for (const image of plan.images)
            session.journal.message("all nodes", `downloading image: ${siteImage(plan, image)}`);
        },
      }),
    ],
  };
}
