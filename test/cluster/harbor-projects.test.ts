import assert from "node:assert/strict";
import { ensureProjects } from "../../cli/step/harbor-projects";

/** A Harbor with state, as far as projects go. */
function harbor(projects: string[], broken: Partial<Record<string, number>> = {}) {
  return async ({ method, path, body }: { method: string; path: string; body?: unknown }) => {
    const status = broken[method];
    if (status !== undefined) return { status, body: "no" };
    if (method === "GET") return { status: 200, body: "Pong" };
    const named = new URL(path, "https://x").searchParams.get("project_name") ?? "";
    if (method === "HEAD") return { status: projects.includes(named) ? 200 : 404, body: "" };
    projects.push((body as { project_name: string }).project_name);
    return { status: 201, body: "" };
  };
}

describe("Harbor projects", () => {
  it("are made where they lack, and once", async () => {
    const projects = ["library"];
    const said: string[] = [];
    for (let turn = 0; turn < 2; turn++) {
      await ensureProjects(harbor(projects), ["calico", "library"], (line) => said.push(line));
    }
    assert.deepEqual(projects, ["library", "calico"]);
    assert.deepEqual(said, ["made the Harbor project calico"]);
  });

  it("are no matter for a registry that is no Harbor", async () => {
    const projects: string[] = [];
    await ensureProjects(harbor(projects, { GET: 404 }), ["calico"], () => {});
    assert.deepEqual(projects, []);
  });

  it("may have been made by somebody else meanwhile", async () => {
    await ensureProjects(harbor([], { POST: 409 }), ["calico"], () => {});
  });

  for (const [what, broken, expected] of [
    ["a wrong password", { HEAD: 401 }, /status 401[\s\S]*check the registry's password/],
    ["a Harbor that is still starting", { GET: 502 }, /status 502[\s\S]*docker ps/],
    ["a refusal to make one", { POST: 400 }, /make the project calico: status 400/],
  ] as const) {
    it(`tell of ${what}`, async () => {
      await assert.rejects(
        ensureProjects(harbor([], broken), ["calico"], () => {}),
        expected,
      );
    });
  }
});
