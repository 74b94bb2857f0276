import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startChromium } from './chromium.ts';
import { startFilledRegistry } from './filled-registry.ts';

const registry = await startFilledRegistry();
const browser = await startChromium();
after(async () => {
  await browser.close();
  await registry[Symbol.asyncDispose]();
});

const orders = '/registries/customer/schemas/orders-value';
const pages = [
  ...['/', '/registries/customer', '/schemas?search=topic&page=2', orders],
  ...[`${orders}/versions/1`, `${orders}/versions/2`, `${orders}/compare?from=1&to=3`],
  ...['/registries/customer/schemas/payments-value/versions/2', `${orders}/check`],
  ...['/registries/customer/schemas/shipments-value/versions/2', '/nothing'],
];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [360, 1280])
    test(`every page is accessible and fits, ${colorScheme}, ${width} pixels wide`, async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== registry.url) complaints.push(request.url());
      });
      for (const path of pages) {
        await page.goto(`${registry.url}${path}`);
        if (path.endsWith('/check')) await checkDefinition(page);
        assert.deepEqual(await violations(page), [], path);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.ok(Number(overflow) <= 0, `${path} is ${overflow} pixels too wide`);
      }
      // Chromium reports the page that does not exist.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('404')),
        [],
      );
      await context.close();
    });

test('a definition of 170 000 characters on one line is laid out, accessible, and fits', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 800 } });
  for (const name of ['json', 'avro', 'protobuf']) {
    await page.goto(`${registry.url}/registries/customer/schemas/largest-${name}/versions/1`);
    assert.equal(await page.locator('pre.text .line').count(), 4000, name);
    await page.getByText(/^Only the first 4000 of \d+ lines are shown\.$/).waitFor();
    assert.deepEqual(await violations(page), [], name);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    assert.ok(Number(overflow) <= 0, `${name} is ${overflow} pixels too wide`);
  }
  await page.close();
});

/** What axe finds. */
function violations(page: Page): Promise<unknown> {
  return page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html)))`);
}

/** Sends the form with a definition that is not compatible. */
async function checkDefinition(page: Page): Promise<void> {
  await page
    .getByLabel('AVRO definition')
    .fill('{"type":"record","name":"Order","fields":[{"name":"x","type":"int"}]}');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('heading', { name: 'Not compatible' }).waitFor();
}

test('every control is reached by the keyboard, in the order of the page, with a visible focus', async () => {
  const page = await browser.newPage();
  for (const path of [orders, `${orders}/versions/2`, `${orders}/check`, '/registries/customer']) {
    await page.goto(`${registry.url}${path}`);
    const controls = Number(
      await page.evaluate(`(window.controls = [...document.querySelectorAll(
        'a[href], button, input, select, textarea, [tabindex="0"]')]).length`),
    );
    assert.ok(controls > 8);
    for (let index = 0; index < controls; index += 1) {
      await page.keyboard.press('Tab');
      const [at, outline, isShown] = (await page.evaluate(`(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        const { top, bottom, width } = document.activeElement.getBoundingClientRect();
        return [window.controls.indexOf(document.activeElement), outlineStyle + ' ' + outlineWidth,
          bottom > 0 && top < innerHeight && width > 0];
      })()`)) as [number, string, boolean];
      assert.deepEqual([at, outline, isShown], [index, 'solid 3px', true], path);
    }
  }
  await page.goto(`${registry.url}${orders}`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.id'), 'content');
  await page.close();
});

test('the page works without scripts, from the registries to the reason of a failure and the form', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(registry.url);
  await page.getByRole('link', { name: 'customer' }).click();
  await page.getByLabel('Name contains').fill('ERS-');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'orders-value' }).click();
  await page.getByRole('link', { name: 'Version 2' }).click();
  await page.getByText('is_prime: The field “is_prime” of version 2 has no default').waitFor();
  await page.getByRole('link', { name: '/fields/2' }).click();
  assert.match(page.url(), /#new-1$/);
  assert.equal(
    await page.locator('mark').first().innerText(),
    '{ "name": "is_prime", "type": "boolean" }',
  );
  await page.getByRole('link', { name: 'Compare with version 1' }).click();
  await page.getByLabel('To version').fill('3');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('heading', { name: 'Version 1 compared with version 3' }).waitFor();
  await page.goto(`${registry.url}${orders}/check`);
  await checkDefinition(page);
  await page.getByLabel('Compatibility').selectOption('NONE');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('heading', { name: 'Compatible yes' }).waitFor();
  await context.close();
});

test('another site can neither send the form nor show the page in a frame', async () => {
  const page = await browser.newPage();
  await page.route('http://localhost:1/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${registry.url}${orders}/check"><input name="definition" value="1"><button>Go</button></form>
        <iframe src="${registry.url}/"></iframe>`,
    }),
  );
  await page.goto('http://localhost:1/');
  const frame = page.frames().find((one) => one !== page.mainFrame());
  assert.doesNotMatch((await frame?.content()) ?? '', /customer/);
  const [response] = await Promise.all([
    page.waitForResponse(`${registry.url}${orders}/check`),
    page.getByRole('button', { name: 'Go' }).click(),
  ]);
  assert.equal(response.status(), 403);
  await page.close();
});
