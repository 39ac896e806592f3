/**
 * A disk that writes down every write and flush, in the order in which it answers them: a process of its own, as what
 * waits for the disk may hold the one that asked for it. Called with the path of its socket, its size in bytes and the
 * path of its log (log.ts). It speaks as much of the NBD protocol (github.com/NetworkBlockDevice/nbd, doc/proto.md) as
 * nbdfuse needs: fixed newstyle handshake, simple replies, read, write, flush.
 */
import { openSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { flushRecord, writeRecord } from './log.ts';

const handshake = { magic: 'NBDMAGIC', option: 'IHAVEOPT', fixedNewstyle: 1, noZeroes: 2 };
const optionReplyMagic = 0x3e889045565a9n;
const options = { exportName: 1, abort: 2, go: 7 };
const replies = { ack: 1, info: 3, unsupported: 0x80000001 };
const requestMagic = 0x25609513;
const replyMagic = 0x67446698;
const commands = { read: 0, write: 1, disconnect: 2, flush: 3 };
/** HAS_FLAGS and SEND_FLUSH: it may be asked to flush, and to nothing else beyond reading and writing. */
const transmissionFlags = 0b101;
const invalid = 22;

class Client {
  readonly #socket: Socket;
  readonly #disk: Buffer;
  readonly #log: number;
  #received: Buffer = Buffer.alloc(0);
  /** What is waited for: so many bytes, and what is done with them. */
  #wanted = 4;
  #take: (bytes: Buffer) => void = () => {
    this.#wantOption();
  };

  constructor(socket: Socket, disk: Buffer, log: number) {
    this.#socket = socket;
    this.#disk = disk;
    this.#log = log;
    const hello = Buffer.alloc(18);
    hello.write(handshake.magic + handshake.option, 0, 'latin1');
    hello.writeUInt16BE(handshake.fixedNewstyle | handshake.noZeroes, 16);
    socket.write(hello);
    socket.on('data', (data) => {
      this.#hear(data);
    });
  }

  #hear(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    while (this.#received.length >= this.#wanted) {
      const bytes = this.#received.subarray(0, this.#wanted);
      this.#received = this.#received.subarray(this.#wanted);
      this.#take(bytes);
    }
  }

  #want(bytes: number, take: (bytes: Buffer) => void): void {
    this.#wanted = bytes;
    this.#take = take;
  }

  #wantOption(): void {
    this.#want(16, (header) => {
      const option = header.readUInt32BE(8);
      this.#want(header.readUInt32BE(12), () => {
        this.#option(option);
      });
    });
  }

  #option(option: number): void {
    if (option === options.abort) {
      this.#answerOption(option, replies.ack);
      this.#socket.end();
      return;
    }
    const about = Buffer.alloc(10);
    about.writeBigUInt64BE(BigInt(this.#disk.length));
    about.writeUInt16BE(transmissionFlags, 8);
    if (option === options.exportName) {
      this.#socket.write(about);
      this.#wantRequest();
      return;
    }
    if (option !== options.go) {
      this.#answerOption(option, replies.unsupported);
      this.#wantOption();
      return;
    }
    // NBD_INFO_EXPORT, type 0.
    this.#answerOption(option, replies.info, Buffer.concat([Buffer.alloc(2), about]));
    this.#answerOption(option, replies.ack);
    this.#wantRequest();
  }

  #answerOption(option: number, type: number, data: Buffer = Buffer.alloc(0)): void {
    const header = Buffer.alloc(20);
    header.writeBigUInt64BE(optionReplyMagic);
    header.writeUInt32BE(option, 8);
    header.writeUInt32BE(type, 12);
    header.writeUInt32BE(data.length, 16);
    this.#socket.write(Buffer.concat([header, data]));
  }

  #wantRequest(): void {
    this.#want(28, (header) => {
      if (header.readUInt32BE(0) !== requestMagic) throw new Error('what came is no request');
      const type = header.readUInt16BE(6);
      const cookie = header.readBigUInt64BE(8);
      const offset = Number(header.readBigUInt64BE(16));
      const length = header.readUInt32BE(24);
      if (type === commands.disconnect) {
        this.#socket.end();
      } else if (type === commands.write) {
        this.#want(length, (data) => {
          data.copy(this.#disk, offset);
          writeSync(this.#log, writeRecord(offset, data));
          this.#answer(cookie);
          this.#wantRequest();
        });
      } else if (type === commands.flush) {
        writeSync(this.#log, flushRecord());
        this.#answer(cookie);
        this.#wantRequest();
      } else if (type === commands.read) {
        this.#answer(cookie, 0, this.#disk.subarray(offset, offset + length));
        this.#wantRequest();
      } else {
        this.#answer(cookie, invalid);
        this.#wantRequest();
      }
    });
  }

  #answer(cookie: bigint, error = 0, data?: Buffer): void {
    const header = Buffer.alloc(16);
    header.writeUInt32BE(replyMagic);
    header.writeUInt32BE(error, 4);
    header.writeBigUInt64BE(cookie, 8);
    this.#socket.write(header);
    if (data !== undefined) this.#socket.write(Buffer.from(data));
  }
}

const [socketPath = '', size = '', logPath = ''] = process.argv.slice(2);
const disk = Buffer.alloc(Number(size));
const log = openSync(logPath, 'w');
createServer((socket) => new Client(socket, disk, log)).listen(socketPath);
