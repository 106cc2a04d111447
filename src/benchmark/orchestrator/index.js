// Launches a campaign and answers once it is ACTIVE; keeps nothing. PORT, CXONE_BASE_URL, CXONE_CLIENT_ID and
// CXONE_CLIENT_SECRET come from the environment.
const http = require('node:http');

const { PORT, CXONE_BASE_URL, CXONE_CLIENT_ID, CXONE_CLIENT_SECRET } = process.env;
const agent = new http.Agent({ keepAlive: true });
let token;

function send(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(CXONE_BASE_URL + path, { agent, method, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode >= 300) {
          reject(new Error(`${method} ${path} answered ${response.statusCode} ${text}`));
        } else {
          resolve(text ? JSON.parse(text) : {});
        }
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function authorized() {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: CXONE_CLIENT_ID,
    client_secret: CXONE_CLIENT_SECRET,
    scope: 'campaign:manage campaign:view webhook:manage agent:view',
  });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  token ??= send('POST', '/oauth/token', headers, form.toString());
  return token;
}

async function call(method, path, body) {
  const { access_token: bearer } = await authorized();
  const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
  return send(method, path, headers, body && JSON.stringify(body));
}

async function launch(wanted) {
  await call('GET', `/api/v2/agents/pools/${wanted.agentPoolId}`);
  const { id } = await call('POST', '/api/v2/campaigns', {
    name: wanted.name,
    dialerStrategy: 'PREDICTIVE',
    status: 'DRAFT',
    agentPool: { id: wanted.agentPoolId },
    schedule: { ...wanted.schedule, timeZone: wanted.timeZone },
    pacing: { maxCallsPerSecond: 1 },
    complianceRules: { regulatoryPacingLimit: wanted.pacingLimit },
    contactList: { id: wanted.contactListId },
    disposition: { availableDispositions: ['ANSWERED', 'NO_ANSWER'] },
  });
  await call('POST', '/api/v2/webhooks', {
    name: `CampaignSync_${id}`,
    endpoint: 'https://example.com/webhooks/cxone',
    type: 'CAMPAIGN',
    events: ['CAMPAIGN_ACTIVATED', 'CAMPAIGN_PAUSED', 'CAMPAIGN_COMPLETED', 'CAMPAIGN_ERROR'],
    headers: { 'X-Webhook-Token': 'token' },
    enabled: true,
  });
  await call('PUT', `/api/v2/campaigns/${id}`, { status: 'ACTIVE' });
  for (;;) {
    const { status } = await call('GET', `/api/v2/campaigns/${id}`);
    if (status === 'ACTIVE') {
      return id;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    let status = 201;
    let answer;
    try {
      answer = { id: await launch(JSON.parse(Buffer.concat(chunks))) };
    } catch (error) {
      status = 502;
      answer = { error: error.message };
    }
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
});

server.listen(PORT, '127.0.0.1', () => console.log('ready'));
