import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { deploy } from "./deploy";

describe("A program under test", () => {
  it("fails when a value that a resource waits for cannot be had", async () => {
    const program = () => {
      const data = pulumi.output("missing").apply((name): Record<string, string> => {
        throw new Error(`there is no secret ${name}`);
      });
      new k8s.core.v1.ConfigMap("config", { data });
    };
    await assert.rejects(deploy(program), /there is no secret missing/);
  });

  it("is followed to its last resource otherwise", async () => {
    const { seen } = await deploy(() => new k8s.core.v1.ConfigMap("config", { data: {} }));
    assert.deepEqual(
      seen.map(({ name }) => name),
      ["config"],
    );
  });
});
