/** Sends groups of files; what breaks is tried again, and large files go on where they stopped. */
import { api, Problem, problemOf, type Schemas, told } from '../api/client';
import { type Group, type Picked, pauseBefore } from './plan';

export type Outcome = Schemas['OutcomeAnswer'];
export type Progress = (picked: Picked, sent: number) => void;

const TRIES = 8;

/** The outcomes of a group; a Problem when the server refuses, or when it stays out of reach. */
export async function sendGroup(group: Group, progress: Progress, signal: AbortSignal): Promise<Outcome[]> {
  const [only] = group.files;
  if (group.resumable && only) return sendLarge(only, progress, signal);
  return again(() => sendTogether(group.files, progress, signal), signal);
}

async function again<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const passing = error instanceof Problem && [0, 502, 503, 504].includes(error.status);
      if (!passing || attempt >= TRIES || signal.aborted) throw error;
      await new Promise((resolve) => window.setTimeout(resolve, pauseBefore(attempt) * 1000));
    }
  }
}

function sendTogether(files: Picked[], progress: Progress, signal: AbortSignal): Promise<Outcome[]> {
  const form = new FormData();
  for (const { file, path } of files) form.append('files', file, path);
  const whole = files.reduce((sum, one) => sum + one.file.size, 0);
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/imaging/dicom/import');
    request.responseType = 'json';
    request.upload.onprogress = (event) => {
      const part = event.total ? Math.min(event.loaded / event.total, 1) : event.loaded / whole;
      for (const one of files) progress(one, one.file.size * part);
    };
    request.onload = () =>
      request.status === 200
        ? done((request.response as Schemas['Imported']).outcomes)
        : failed(problemOf(request.status, request.response));
    request.onerror = () => failed(new Problem(0, 'unreachable', ''));
    request.onabort = () => failed(new Problem(-1, 'aborted', ''));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

async function sendLarge(picked: Picked, progress: Progress, signal: AbortSignal): Promise<Outcome[]> {
  const { file, path } = picked;
  const begun = await again(
    () => told(api.POST('/api/imaging/uploads', { body: { name: path, size: file.size } })),
    signal,
  );
  const params = { path: { upload_id: begun.id } };
  let offset = 0;
  while (offset < file.size) {
    if (signal.aborted) {
      void api.DELETE('/api/imaging/uploads/{upload_id}', { params });
      throw new Problem(-1, 'aborted', '');
    }
    offset = await again(() => sendPiece(begun, file, signal), signal);
    progress(picked, offset);
  }
  const answer = await again(
    () => told(api.POST('/api/imaging/uploads/{upload_id}/finish', { params, body: {} })),
    signal,
  );
  return answer.outcomes;
}

/** Asks how far the file has come, and sends the pieces from there until something breaks. */
async function sendPiece(begun: Schemas['UploadAnswer'], file: File, signal: AbortSignal): Promise<number> {
  const params = { path: { upload_id: begun.id } };
  const { offset } = await told(api.GET('/api/imaging/uploads/{upload_id}', { params, signal }));
  if (offset >= file.size) return offset;
  const piece = file.slice(offset, offset + begun.pieceSize);
  const answer = await told(
    api.PUT('/api/imaging/uploads/{upload_id}', {
      params: { ...params, query: { offset } },
      body: piece as unknown as string,
      bodySerializer: (body) => body as unknown as Blob,
      headers: { 'Content-Type': 'application/octet-stream' },
      signal,
    }),
  );
  return answer.offset;
}
