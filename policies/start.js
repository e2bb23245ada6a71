// Pulumi loads TypeScript of a policy pack with a compiler that checks types anew each time, which takes longer than a
// preview. Our own loader keeps what it transpiled; types are checked by the tests.
require("../toolchain/register.js");
require("./index.ts");
