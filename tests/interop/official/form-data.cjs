// The SDK's axios 0.27 does not support Node's own FormData, only the package of that name, which replaces it here. In a
// browser this is not needed. The suite itself is unchanged.
globalThis.FormData = require('form-data');
