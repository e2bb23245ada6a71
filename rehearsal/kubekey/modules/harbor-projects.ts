import { join } from "node:path";
import { readLayout } from "../cluster/image-push";
import { RegistryClient } from "../cluster/registry-client";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";

/** Makes the Harbor projects of the artifact's images, as kk v4 does before it pushes them; kk v3 leaves it to others. */
export function makeProjects(session: Session, skip: boolean): Module {
  const { plan } = session;
  return {
    name: "image-registry/projects",
    skip: skip || plan.registry.type !== "harbor",
    tasks: () => [
      task({
        name: "CreateHarborProject",
        description: "Harbor | Create projects of the images",
        run: async () => {
          const images = readLayout(join(session.workDir, "images"));
          const client = new RegistryClient(plan);
          try {
            for (const project of new Set(images.map((image) => image.repository.split("/")[0]))) {
              await makeProject(client, project ?? "");
            }
          } finally {
            client.close();
          }
        },
      }),
    ],
  };
}

async function makeProject(client: RegistryClient, name: string): Promise<void> {
  const made = await client.send(
    "POST",
    "/api/v2.0/projects",
    JSON.stringify({ project_name: name, metadata: { public: "true" } }),
    { "content-type": "application/json" },
  );
  if (made.status === 201 || made.status === 409) return;
  throw new Error(`create project ${name} failed: status ${made.status}: ${made.body}`);
}
