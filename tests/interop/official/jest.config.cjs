// The suite dials http://localhost:4000 by itself: that address is a constant of the SDK.
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/.built/official.test.js'],
  setupFiles: ['<rootDir>/form-data.cjs'],
  transform: {},
  // A lost event shows as a test that runs into this; the suite gives some tests more by itself.
  testTimeout: 15_000,
};
