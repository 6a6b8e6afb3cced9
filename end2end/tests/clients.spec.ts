import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createManagementApi } from '@logto/api/management';
import axios, { type AxiosError } from 'axios';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { binary, environment } from '../playwright.config';
import { expect, test as base } from './fixtures';
import { NEW_PASSWORD, PASSWORD, freshEmail, freshPhone } from './rest';

/** Clients as others wrote them, unchanged. */

interface Credentials {
  id: string;
  secret: string;
}

const LOGTO = 'https://default.logto.app/api';

const test = base.extend<{}, { service: Credentials }>({
  // Made as an operator makes it.
  service: [
    async ({}, use) => {
      const env = { ...process.env, ...environment };
      const { stdout } = await promisify(execFile)(binary, ['client', 'create', 'Shop', '--json'], { env });
      await use(JSON.parse(stdout) as Credentials);
    },
    { scope: 'worker' },
  ],
});

test.describe('@logto/api', () => {
  const management = (baseUrl: string, { id, secret }: Credentials) =>
    createManagementApi('default', { clientId: id, clientSecret: secret, baseUrl });

  test('reads and changes users', { tag: '@once' }, async ({ baseURL, service }) => {
    const { apiClient, clientCredentials } = management(baseURL!, service);
    expect(await clientCredentials.getAccessToken()).toMatchObject({ scope: 'all' });

    const email = freshEmail();
    const made = await apiClient.POST('/api/users', { body: { primaryEmail: email, name: 'Ada Lovelace', password: PASSWORD } });
    expect(made.response.status).toBe(200);
    const { id } = made.data!;
    const path = { userId: id };
    expect(await apiClient.GET('/api/users/{userId}', { params: { path } })).toMatchObject({
      data: { id, primaryEmail: email, primaryPhone: null, name: 'Ada Lovelace', isSuspended: false, hasPassword: true },
    });

    const { e164 } = freshPhone();
    const changed = await apiClient.PATCH('/api/users/{userId}', {
      params: { path },
      body: { primaryPhone: e164.slice(1), name: 'Ada King', avatar: 'https://pictures.example/ada.png' },
    });
    expect(changed.data).toMatchObject({
      primaryPhone: e164.slice(1),
      name: 'Ada King',
      avatar: 'https://pictures.example/ada.png',
      profile: { givenName: 'Ada', familyName: 'King' },
    });

    const profile = await apiClient.PATCH('/api/users/{userId}/profile', {
      params: { path },
      body: { profile: { nickname: 'Countess', zoneinfo: 'Europe/London' } },
    });
    expect(profile.data).toEqual({ givenName: 'Ada', familyName: 'King', nickname: 'Countess', zoneinfo: 'Europe/London' });

    const listed = await apiClient.GET('/api/users', { params: { query: { search: email } as never } });
    expect(listed.data!.map((user) => user.id)).toEqual([id]);
    expect(listed.response.headers.get('total-number')).toBe('1');

    const suspended = await apiClient.PATCH('/api/users/{userId}/is-suspended', { params: { path }, body: { isSuspended: true } });
    expect(suspended.data).toMatchObject({ isSuspended: true });

    expect((await apiClient.DELETE('/api/users/{userId}', { params: { path } })).response.status).toBe(204);
    const gone = await apiClient.GET('/api/users/{userId}', { params: { path } });
    expect(gone.response.status).toBe(404);
    expect(gone.error).toMatchObject({ code: 'entity.not_found' });
  });

  test('merges custom data', { tag: '@once' }, async ({ baseURL, service, account }) => {
    const { apiClient } = management(baseURL!, service);
    const params = { path: { userId: account.id } };
    const route = '/api/users/{userId}/custom-data';
    await apiClient.PATCH(route, { params, body: { customData: { plan: 'gold', seats: 3 } } });
    const merged = await apiClient.PATCH(route, { params, body: { customData: { seats: 4 } } });
    expect(merged.data).toEqual({ plan: 'gold', seats: 4 });
    expect((await apiClient.GET(route, { params })).data).toEqual({ plan: 'gold', seats: 4 });
  });

  test('verifies and sets passwords', { tag: '@once' }, async ({ baseURL, service, account, rest }) => {
    const { apiClient } = management(baseURL!, service);
    const params = { path: { userId: account.id } };
    const verify = (password: string) => apiClient.POST('/api/users/{userId}/password/verify', { params, body: { password } });
    expect((await verify(account.password)).response.status).toBe(204);
    expect((await verify('wrong')).response.status).toBe(422);
    const weak = await apiClient.PATCH('/api/users/{userId}/password', { params, body: { password: 'password' } });
    expect(weak.response.status).toBe(400);
    expect(weak.error).toMatchObject({ code: 'guard.invalid_input' });
    await apiClient.PATCH('/api/users/{userId}/password', { params, body: { password: NEW_PASSWORD } });
    expect((await verify(NEW_PASSWORD)).response.status).toBe(204);
    expect(typeof (await rest.signIn(account, NEW_PASSWORD))).toBe('string');
    const has = await apiClient.GET('/api/users/{userId}/has-password', { params });
    expect(has.data).toEqual({ hasPassword: true });
  });

  test('sends and verifies codes', { tag: '@once' }, async ({ baseURL, service, mailbox }) => {
    const { apiClient } = management(baseURL!, service);
    const email = freshEmail();
    const sent = await apiClient.POST('/api/verification-codes', { body: { email } });
    expect(sent.response.status).toBe(204);
    const verificationCode = await mailbox.code(email);
    const verify = () => apiClient.POST('/api/verification-codes/verify', { body: { email, verificationCode } });
    expect((await verify()).response.status).toBe(204);
    const again = await verify();
    expect(again.response.status).toBe(400);
    expect(again.error).toMatchObject({ code: 'verification_code.not_found' });
  });

  test('is refused without a right secret', { tag: '@once' }, async ({ baseURL, service }) => {
    const { apiClient } = management(baseURL!, { ...service, secret: 'wrong' });
    await expect(apiClient.GET('/api/users')).rejects.toThrow('Failed to fetch access token: 401 Unauthorized');
  });
});

test('openid-client discovers the issuer and gets tokens', { tag: '@once' }, async ({ baseURL, service, request }) => {
  const options = { execute: [openid.allowInsecureRequests] };
  for (const authentication of [openid.ClientSecretPost(service.secret), openid.ClientSecretBasic(service.secret)]) {
    const configuration = await openid.discovery(new URL(`${baseURL}/oidc`), service.id, undefined, authentication, options);
    for (const resource of [LOGTO, `${baseURL}/api`]) {
      const token = await openid.clientCredentialsGrant(configuration, { resource, scope: 'all' });
      expect(token).toMatchObject({ expires_in: 3600, scope: 'all' });
      const headers = { authorization: `Bearer ${token.access_token}` };
      expect((await request.get('/api/users?page_size=1', { headers })).status()).toBe(200);
      expect((await request.get('/auth-api/currentuser', { headers })).status(), 'a management token elsewhere').toBe(401);
    }
    const unknown = openid.clientCredentialsGrant(configuration, { resource: 'https://elsewhere.example', scope: 'all' });
    await expect(unknown).rejects.toMatchObject({ error: 'invalid_target', status: 400 });
  }
});

test('jose verifies tokens by the published keys', { tag: '@once' }, async ({ baseURL, service, account, rest }) => {
  const issuer = `${baseURL}/oidc`;
  const configuration = await openid.discovery(new URL(issuer), service.id, service.secret, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  const keys = createRemoteJWKSet(new URL(configuration.serverMetadata().jwks_uri!));
  const management = (await openid.clientCredentialsGrant(configuration, { resource: LOGTO, scope: 'all' })).access_token;
  const user = (await rest.signIn(account, account.password)) as string;
  const rules = { issuer, algorithms: ['EdDSA'], typ: 'at+jwt' };
  const own = await jwtVerify(management, keys, { ...rules, audience: LOGTO });
  expect(own.payload).toMatchObject({ sub: service.id, scope: 'all' });
  const theirs = await jwtVerify(user, keys, { ...rules, audience: baseURL! });
  expect(theirs.payload.sub).toBe(account.id);
  expect(decodeProtectedHeader(user)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });

  const [head, body, signature] = user.split('.') as [string, string, string];
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: service.id })).toString('base64url');
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  for (const token of [`${head}.${forged}.${signature}`, `${unsigned}.${body}.`, `${head}.${body}.${signature.slice(0, -4)}AAAA`]) {
    await expect(jwtVerify(token, keys, rules)).rejects.toThrow();
  }
  await expect(jwtVerify(user, keys, { ...rules, audience: LOGTO })).rejects.toThrow(/"aud" claim/);
});

test('axios calls the profile routes as the source does', { tag: '@once' }, async ({ baseURL, account }) => {
  const api = axios.create({ baseURL: `${baseURL}/auth-api`, proxy: false });
  const { id: userId } = account;
  const signIn = async (password: string) => {
    const { data } = await api({ method: 'POST', url: '/login', data: { username: account.email, password } });
    api.defaults.headers.common['Authorization'] = `Bearer ${data.accessToken}`;
    return data;
  };
  expect(await signIn(account.password)).toMatchObject({ userId, email: account.email });

  const read = await api({ method: 'GET', url: `/v1/users/${userId}`, data: {}, params: {} });
  expect(read.data).toMatchObject({ status: 'OK', statusCode: '200', dataName: 'user', action: 'get', user: { id: userId } });

  const changed = await api({
    method: 'PATCH',
    url: `/v1/profile/${userId}`,
    data: { fullname: 'Ada King', avatar: 'https://pictures.example/ada.png', mobile: freshPhone().e164 },
    params: {},
  });
  expect(changed.data.user).toMatchObject({ fullname: 'Ada King', avatar: 'https://pictures.example/ada.png', mobileVerified: false });

  const password = { oldPassword: account.password, newPassword: NEW_PASSWORD };
  await api({ method: 'PATCH', url: `/v1/userpassword/${userId}`, data: password, params: {} });
  const ended: AxiosError = await api({ method: 'GET', url: `/v1/users/${userId}`, data: {}, params: {} }).catch((error) => error);
  expect(ended.response).toMatchObject({ status: 401, data: { result: 'ERR', errCode: 'LoginRequired' } });

  await signIn(NEW_PASSWORD);
  const archived = await api({ method: 'DELETE', url: `/v1/archiveprofile/${userId}`, data: {}, params: {} });
  expect(archived.data.user).toMatchObject({ id: userId, isActive: false, archivedAt: expect.stringMatching(/Z$/) });
});
