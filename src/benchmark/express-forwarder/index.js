// Receives an event, posts it on, answers. PORT, DESTINATION and WEBHOOK_TOKEN come from the environment.
const http = require('node:http');
const axios = require('axios');
const express = require('express');

const { PORT, DESTINATION, WEBHOOK_TOKEN } = process.env;
const client = axios.create({ httpAgent: new http.Agent({ keepAlive: true }), timeout: 5000 });
const app = express();
app.use(express.json());

app.post('/webhooks/cxone', async (req, res) => {
  if (req.get('X-Webhook-Token') !== WEBHOOK_TOKEN) {
    return res.status(401).json({ error: 'unauthorized' });
  }
  try {
    await client.post(DESTINATION, req.body);
    res.status(202).json({ status: 'accepted' });
  } catch (error) {
    res.status(502).json({ error: error.message });
  }
});

app.listen(PORT, '127.0.0.1', () => console.log('ready'));
