// node send.js PORT CALLING CALLED FILE...: an echo and a store of each file; one line of JSON with the statuses.
const { Client, requests } = require('dcmjs-dimse');
const log = require('dcmjs-dimse').log;
log.level = 'silent';

const [port, calling, called, ...files] = process.argv.slice(2);
const client = new Client();
const statuses = [];
for (const request of [new requests.CEchoRequest(), ...files.map((file) => new requests.CStoreRequest(file))]) {
  request.on('response', (response) => statuses.push(response.getStatus()));
  client.addRequest(request);
}
client.on('associationRejected', (result) => statuses.push(`rejected: ${result.reason}`));
client.on('networkError', (error) => statuses.push(String(error)));
client.on('closed', () => console.log(JSON.stringify(statuses)));
client.send('127.0.0.1', Number(port), calling, called);
