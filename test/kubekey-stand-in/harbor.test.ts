import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApiQuestion, ask } from "../../cli/step/api-client";
import { ensureProjects } from "../../cli/step/harbor-projects";
import { changes, Projects, projectOf } from "../../rehearsal/kubekey/harbor/projects";
import { harborServer } from "../../rehearsal/kubekey/harbor/server";

describe("The rehearsal's Harbor", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-harbor-"));
  const file = join(folder, "projects.json");

  after(() => rmSync(folder, { recursive: true }));

  it("begins with the project library, and remembers what is made", () => {
    const projects = new Projects(file);
    assert.deepEqual(projects.list(), ["library"]);
    assert.equal(projects.make("calico"), 201);
    assert.equal(projects.make("calico"), 409);
    assert.deepEqual(new Projects(file).list(), ["calico", "library"]);
  });

  for (const name of ["", "Calico", "a/b", "-a", undefined, 7]) {
    it(`refuses ${JSON.stringify(name)} as a project's name`, () => {
      assert.equal(new Projects(file).make(name), 400);
    });
  }

  it("does not go on with a list of projects that it cannot read", () => {
    const damaged = join(folder, "damaged.json");
    writeFileSync(damaged, "{");
    assert.throws(() => new Projects(damaged));
  });

  const paths = [
    ["/v2/calico/cni/manifests/v1", "calico"],
    ["/v2/calico/cni/blobs/uploads/", "calico"],
    ["/v2/a/b/c/blobs/sha256:0", "a"],
    ["/v2/", undefined],
    ["/v2/_catalog", undefined],
    ["/v2/calico/cni/tags/list", undefined],
  ] as const;
  for (const [path, project] of paths) {
    it(`sees ${project ?? "no project"} in ${path}`, () => {
      assert.equal(projectOf(path), project);
    });
  }

  it("lets everyone look, and asks for a project only where something changes", () => {
    assert.deepEqual(["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"].map(changes), [
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  describe("over its API", () => {
    const certificate = join(folder, "cert.pem");
    const key = join(folder, "key.pem");
    // What reaches the registry behind the front; the journeys have a real one there.
    const seen: string[] = [];
    const registry = createServer((incoming, outgoing) => {
      seen.push(`${incoming.method} ${incoming.url} ${incoming.headers["x-forwarded-proto"]}`);
      outgoing.writeHead(incoming.headers.authorization ? 202 : 401);
      incoming.pipe(outgoing);
    });
    let harbor: ReturnType<typeof harborServer>;

    before(async () => {
      execFileSync("openssl", [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-subj", "/CN=harbor", "-addext", "subjectAltName=DNS:harbor"],
        ...["-keyout", key, "-out", certificate],
      ]);
      await once(registry.listen(0, "127.0.0.1"), "listening");
      harbor = harborServer({
        ...{ certificate, key, registryPort: (registry.address() as AddressInfo).port },
        ...{ password: "Secret-1", projects: new Projects(join(folder, "served.json")) },
      });
      await once(harbor.listen(0, "127.0.0.1"), "listening");
    });

    after(() => {
      for (const server of [harbor, registry]) {
        server.close();
        server.closeAllConnections();
      }
    });

    const asking =
      (login: string | undefined) =>
      (question: ApiQuestion): ReturnType<typeof ask> =>
        ask(
          {
            ca: readFileSync(certificate),
            serverName: "harbor",
            ...(login && { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
            dial: async () => connect((harbor.address() as AddressInfo).port, "127.0.0.1"),
          },
          question,
          5,
        );
    const administrator = asking("admin:Secret-1");
    const push = { method: "POST", path: "/v2/team/app/blobs/uploads/" } as const;

    it("refuses a push until the delivery has made the project, and hands it on from then on", async () => {
      const refused = await administrator(push);
      assert.equal(refused.status, 404);
      assert.match(refused.body, /project team not found/);
      assert.deepEqual(seen, []);
      const said: string[] = [];
      for (let time = 0; time < 2; time++) {
        await ensureProjects(administrator, ["library", "team"], (line) => said.push(line));
      }
      assert.deepEqual(said, ["made the Harbor project team"]);
      assert.deepEqual(await administrator({ ...push, body: { a: 1 } }), {
        status: 202,
        body: '{"a":1}',
      });
      assert.deepEqual(seen, [`POST ${push.path} https`]);
    });

    for (const [who, login] of [
      ["nobody", undefined],
      ["a wrong password", "admin:Secret-2"],
      ["another user", "ops:Secret-1"],
    ] as const) {
      it(`answers ${who} that only the administrator makes projects`, async () => {
        await assert.rejects(
          ensureProjects(asking(login), ["mine"], () => undefined),
          /status 401/,
        );
        const list = await administrator({ method: "GET", path: "/api/v2.0/projects?name=mine" });
        assert.deepEqual(list, { status: 200, body: "[]" });
      });
    }

    it("leaves logins of image requests to the registry", async () => {
      assert.equal(
        (await asking(undefined)({ ...push, path: "/v2/x/y/blobs/uploads/" })).status,
        401,
      );
    });

    it("says what it has not", async () => {
      const answer = await administrator({ method: "GET", path: "/api/v2.0/robots" });
      assert.equal(answer.status, 404);
      assert.match(answer.body, /no GET \/robots/);
    });
  });
});
