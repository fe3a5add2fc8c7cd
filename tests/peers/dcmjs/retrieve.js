// node retrieve.js PORT CALLING CALLED STUDY DESTINATION: C-FIND, C-GET and C-MOVE of a study; one line of JSON.
const { Client, requests, constants } = require('dcmjs-dimse');
const log = require('dcmjs-dimse').log;
log.level = 'silent';

const [port, calling, called, study, destination] = process.argv.slice(2);
const { CFindRequest, CGetRequest, CMoveRequest } = requests;
const told = { found: [], find: [], get: [], got: [], move: [], errors: [] };
const find = CFindRequest.createStudyFindRequest({ StudyInstanceUID: study, PatientName: '' });
find.on('response', (response) => {
  told.find.push(response.getStatus());
  if (response.hasDataset()) told.found.push(response.getDataset().getElement('PatientName'));
});
const get = CGetRequest.createStudyGetRequest(study);
get.on('response', (response) => told.get.push([response.getStatus(), response.getCompleted(), response.getFailures()]));
const move = CMoveRequest.createStudyMoveRequest(destination, study);
move.on('response', (response) =>
  told.move.push([response.getStatus(), response.getCompleted(), response.getFailures()])
);
const client = new Client();
for (const request of [find, get, move]) client.addRequest(request);
client.on('cStoreRequest', (request, callback) => {
  told.got.push(request.getDataset().getElement('SOPInstanceUID'));
  const { CStoreResponse } = require('dcmjs-dimse').responses;
  const response = CStoreResponse.fromRequest(request);
  response.setStatus(constants.Status.Success);
  callback(response);
});
client.on('associationRejected', (result) => told.errors.push(`rejected: ${result.reason}`));
client.on('networkError', (error) => told.errors.push(String(error)));
client.on('closed', () => console.log(JSON.stringify(told)));
client.send('127.0.0.1', Number(port), calling, called);
