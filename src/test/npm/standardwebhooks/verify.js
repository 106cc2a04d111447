// stdin: {"secret", "headers", "body"}. Ends with 0 when the signature is good.
const { Webhook } = require('standardwebhooks');

const { secret, headers, body } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
new Webhook(secret).verify(body, headers);
