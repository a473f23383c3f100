// The suite connects to http://localhost:4000, which is a constant of the SDK.
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/.built/official.test.js'],
  setupFiles: ['<rootDir>/form-data.cjs'],
  transform: {},
  // A lost event makes a test exceed this timeout; the suite gives some tests more.
  testTimeout: 15_000,
};
