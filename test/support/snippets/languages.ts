/** Turns the snippets of a section of docs/siblings.md into a program for one SDK. */
import { createHash } from 'node:crypto';
import { readSnippets } from './read.ts';

/** What a program is told: how to reach Gatehouse, and values by the names that the snippets use. */
export interface World {
  readonly url: string;
  readonly key: string;
  readonly userToken: string;
  readonly code: string;
  readonly rawBody: string;
  readonly signature: string;
  readonly secret: string;
}

export interface Sdk {
  /** The section of docs/siblings.md. */
  readonly heading: string;
  readonly language: string;
  /** The SDK's folder in `WORKOS_SDKS`. */
  readonly folder: string;
  readonly extension: string;
  /** The whole program; without a folder as it is written, for a check of its syntax. */
  program(code: string, world: World, folder: string): string;
}

const PAGE = 'docs/siblings.md';
const HOST = /https:\/\/gatehouse\.internal\.example/g;

/** All snippets of the section, one after another. */
export const codeOf = ({ heading, language }: Sdk): string =>
  readSnippets()
    .filter((one) => one.file === PAGE && one.heading === heading && one.language === language)
    .map(({ code }) => code)
    .join('\n');

export const hashOf = (code: string): string =>
  createHash('sha256').update(code).digest('hex').slice(0, 16);

const text = (value: string): string => JSON.stringify(value);
/** PHP and Ruby interpolate in double quotes. */
const single = (value: string): string =>
  `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const indented = (code: string): string => code.replaceAll(/^/gm, '    ');

const python: Sdk['program'] = (code, world, folder) => `import sys
sys.path.insert(0, ${text(`${folder}/src`)})
KEY, user_token, code, state = ${text(world.key)}, ${text(world.userToken)}, ${text(world.code)}, "state"
raw_body, secret = ${text(world.rawBody)}.encode(), ${text(world.secret)}
headers = {"workos-signature": ${text(world.signature)}}
${code.replaceAll(HOST, world.url)}`;

/** Debian's Ruby 3.1 lacks Data.define, which SDK 10 uses for constants. */
const RUBY_BEFORE_3_2 = `unless defined?(Data) && Data.respond_to?(:define)
  Object.send(:remove_const, :Data) if defined?(Data)
  class Data; def self.define(*f, &b) = Struct.new(*f, keyword_init: true, &b); end
end`;
/** SDK 5 always speaks HTTPS on port 443; here it speaks to a port of this machine. */
const rubyOverHttp = (url: string) => `module WorkOS::Client
  def client = Net::HTTP.new(${single(new URL(url).hostname)}, ${new URL(url).port})
end`;

const ruby =
  (generation: number): Sdk['program'] =>
  (code, world, folder) =>
    `require 'net/http'
${RUBY_BEFORE_3_2}
$:.unshift ${single(`${folder}/lib`)}
require 'workos'
${generation === 5 ? rubyOverHttp(world.url) : ''}
KEY = ${single(world.key)}
user_token, code, state = ${single(world.userToken)}, ${single(world.code)}, 'state'
raw_body, secret = ${single(world.rawBody)}, ${single(world.secret)}
headers = { 'workos-signature' => ${single(world.signature)} }
${code.replaceAll(HOST, world.url)}`;

const php: Sdk['program'] = (code, world, folder) => `<?php
error_reporting(E_ALL & ~E_DEPRECATED);
set_include_path('/usr/share/php');
@include '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function ($name) {
    $file = ${single(`${folder}/lib/`)} . str_replace('\\\\', '/', substr($name, 7)) . '.php';
    if (str_starts_with($name, 'WorkOS\\\\') && is_file($file)) require $file;
});
[$key, $userToken, $code, $state] = [${single(world.key)}, ${single(world.userToken)}, ${single(world.code)}, 'state'];
[$rawBody, $secret] = [${single(world.rawBody)}, ${single(world.secret)}];
$headers = ['workos-signature' => ${single(world.signature)}];
${code.replaceAll(HOST, world.url)}`;

const go: Sdk['program'] = (code, world) => `package main

import (
    "context"
    "log"
    "net/http"

    "github.com/workos/workos-go/v10"
)

func redirect(string)  {}
func signIn(any)       {}
func apply(any)        {}

func run(ctx context.Context, key, userToken, state, code, secret, rawBody string, r *http.Request) error {
${indented(code.replaceAll(HOST, world.url))}
    return nil
}

func main() {
    r := &http.Request{Header: http.Header{"Workos-Signature": {${text(world.signature)}}}}
    if err := run(context.Background(), ${text(world.key)}, ${text(world.userToken)}, "state", ${text(world.code)}, ${text(world.secret)}, ${text(world.rawBody)}, r); err != nil {
        log.Fatal(err)
    }
}
`;

export const SDKS: readonly Sdk[] = [
  { heading: 'Python', language: 'python', folder: 'py10', extension: 'py', program: python },
  { heading: 'Ruby', language: 'ruby', folder: 'rb10', extension: 'rb', program: ruby(10) },
  { heading: 'Ruby 5', language: 'ruby', folder: 'rb5', extension: 'rb', program: ruby(5) },
  { heading: 'Go', language: 'go', folder: 'go10', extension: 'go', program: go },
  { heading: 'PHP', language: 'php', folder: 'php9', extension: 'php', program: php },
  { heading: 'PHP 4', language: 'php', folder: 'php4', extension: 'php', program: php },
];
