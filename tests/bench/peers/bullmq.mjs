// Measures BullMQ as the Rookery benchmark measures itself and prints one JSON object: measure name → figure.
// Usage: node bullmq.mjs <redis socket> <tasks>. The worker is a process of its own, as ours is.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Queue, QueueEvents, Worker } from 'bullmq';

const [socket, argument, role, queueName, slots] = process.argv.slice(2);
const connection = { path: socket, maxRetriesPerRequest: null };
const now = () => performance.timeOrigin + performance.now();

if (role === 'work') work();
else await measure(Number(argument));

function work() {
  const wanted = Number(argument);
  let first = 0;
  let done = 0;
  const worker = new Worker(queueName, async (job) => {
    first ||= now();
    if (job.data.dueAt ?? job.data.sentAt) process.send({ lateMs: now() - (job.data.dueAt ?? job.data.sentAt) });
  }, { connection, concurrency: Number(slots), autorun: false });
  worker.on('completed', () => {
    done += 1;
    if (done === wanted) process.send({ perSecond: done / ((now() - first) / 1000) });
  });
  worker.on('error', () => {});
  process.on('message', () => worker.run());
  worker.waitUntilReady().then(() => process.send({ ready: true }));
}

async function measure(tasks) {
  const figures = {};
  const options = { removeOnComplete: true };

  await withQueue(async (queue) => {
    const few = Math.ceil(tasks / 4);
    figures.submit_one_by_one = await rate(few, async () => {
      for (let i = 0; i < few; i += 1) await queue.add('noop', {}, options);
    });
    figures.submit_at_64 = await rate(tasks, async () => {
      let left = tasks;
      await Promise.all(Array.from({ length: 64 }, async () => {
        while (left-- > 0) await queue.add('noop', {}, options);
      }));
    });
    figures.submit_bulk = await rate(tasks, () => fill(queue, tasks));
  });

  figures.processed_at_64 = await processed(tasks, 64);
  figures.processed_at_1 = await processed(Math.ceil(tasks / 4), 1);

  await withQueue(async (queue) => {
    const events = new QueueEvents(queue.name, { connection });
    await events.waitUntilReady();
    const worker = await startWorker(queue.name, 64, 0);
    figures.worker_memory = memoryOf(worker.pid);
    worker.send('run');
    const starts = collect(worker);
    const completed = [];
    for (let i = 0; i < 300; i += 1) {
      const sentAt = now();
      // Kept: waitUntilFinished fails on a job that was removed before it looked.
      const job = await queue.add('noop', { sentAt });
      await job.waitUntilFinished(events);
      completed.push(now() - sentAt);
      await pause(10);
    }
    figures.start_idle_p50 = quantile(starts, 0.5);
    figures.start_idle_p99 = quantile(starts, 0.99);
    figures.completed_idle_p50 = quantile(completed, 0.5);
    figures.completed_idle_p99 = quantile(completed, 0.99);

    starts.length = 0;
    for (let i = 0; i < 300; i += 1) {
      const delay = 1000 + i * 10;
      const timestamp = Date.now();
      await queue.add('noop', { dueAt: timestamp + delay }, { ...options, delay, timestamp });
    }
    while (starts.length < 300) await pause(50);
    figures.due_earliest = Math.min(...starts);
    figures.due_p50 = quantile(starts, 0.5);
    figures.due_p99 = quantile(starts, 0.99);
    await stop(worker);
    await events.close();
  });

  console.log(JSON.stringify(figures));
  process.exit(0);

  async function processed(count, slotCount) {
    return withQueue(async (queue) => {
      await fill(queue, count);
      const worker = await startWorker(queue.name, slotCount, count);
      const finished = new Promise((resolve) => worker.on('message', (m) => m.perSecond && resolve(m.perSecond)));
      worker.send('run');
      const perSecond = await finished;
      await stop(worker);
      return perSecond;
    });
  }

  async function fill(queue, count) {
    for (let sent = 0; sent < count; sent += 100) {
      await queue.addBulk(Array.from({ length: Math.min(100, count - sent) }, () => ({ name: 'noop', data: {}, opts: options })));
    }
  }
}

async function withQueue(body) {
  const queue = new Queue(`bench-${process.hrtime.bigint()}`, { connection });
  queue.on('error', () => {});
  try {
    return await body(queue);
  } finally {
    await queue.obliterate({ force: true });
    await queue.close();
  }
}

async function startWorker(name, slotCount, wanted) {
  const child = fork(fileURLToPath(import.meta.url), [socket, String(wanted), 'work', name, String(slotCount)]);
  await new Promise((resolve) => child.once('message', resolve));
  return child;
}

function stop(child) {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return gone;
}

function collect(child) {
  const seen = [];
  child.on('message', (m) => m.lateMs !== undefined && seen.push(m.lateMs));
  return seen;
}

async function rate(count, body) {
  const begun = now();
  await body();
  return count / ((now() - begun) / 1000);
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

function memoryOf(pid) {
  const kilobytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1];
  return Number(kilobytes) / 1024;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
