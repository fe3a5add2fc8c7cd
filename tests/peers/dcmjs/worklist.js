// node worklist.js PORT CALLING CALLED: fetches the worklist, begins and completes its first step, tries once more.
// One line of JSON: the patient names, and the statuses of N-CREATE and of two N-SETs.
const { Client, Dataset, requests, constants } = require('dcmjs-dimse');
require('dcmjs-dimse').log.level = 'silent';
const { CFindRequest, NCreateRequest, NSetRequest } = requests;

const [port, calling, called] = process.argv.slice(2);
const PERFORMED = constants.SopClass.ModalityPerformedProcedureStep;
const UID = '1.2.826.0.1.3680043.10.1471.77';
const told = { names: [], statuses: [], errors: [] };

function ask(request, heard) {
  return new Promise((resolve) => {
    const client = new Client();
    request.on('response', (response) => heard(response));
    client.on('associationRejected', (result) => told.errors.push(`rejected: ${result.reason}`));
    client.on('networkError', (error) => told.errors.push(String(error)));
    client.on('closed', resolve);
    client.addRequest(request);
    client.send('127.0.0.1', Number(port), calling, called);
  });
}

(async () => {
  let first = null;
  const find = CFindRequest.createWorklistFindRequest({
    PatientName: '',
    StudyInstanceUID: '',
    AccessionNumber: '',
    ScheduledProcedureStepSequence: [
      { ScheduledProcedureStepStartDate: '20260302', Modality: '', ScheduledProcedureStepID: '' },
    ],
  });
  await ask(find, (response) => {
    if (!response.hasDataset()) return;
    const found = response.getDataset().getElements();
    first = first || found;
    told.names.push(String(found.PatientName?.[0]?.Alphabetic ?? found.PatientName));
  });
  const step = [first.ScheduledProcedureStepSequence].flat()[0];
  const begin = new NCreateRequest(PERFORMED, UID);
  begin.setDataset(
    new Dataset({
      ScheduledStepAttributesSequence: [
        {
          StudyInstanceUID: first.StudyInstanceUID,
          AccessionNumber: first.AccessionNumber,
          ScheduledProcedureStepID: step.ScheduledProcedureStepID,
        },
      ],
      Modality: 'PX',
      PerformedProcedureStepStatus: 'IN PROGRESS',
      PerformedProcedureStepID: 'DCMJS-1',
    }),
  );
  await ask(begin, (response) => told.statuses.push(response.getStatus()));
  for (const status of ['COMPLETED', 'DISCONTINUED']) {
    const change = new NSetRequest(PERFORMED, UID);
    change.setDataset(new Dataset({ PerformedProcedureStepStatus: status }));
    await ask(change, (response) => told.statuses.push(response.getStatus()));
  }
  console.log(JSON.stringify(told));
})();
