// The SDK's axios 0.27 does not know Node's own FormData. In a browser, where the SDK is at home, there is nothing to
// do; here the package it does know takes its place. The suite itself is not touched.
globalThis.FormData = require('form-data');
