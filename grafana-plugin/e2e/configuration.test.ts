import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteModel } from '../../analyzer-service/src/testing/chat-stack.ts';
import { assertAccessible, assertNothingCutOff, describePreview, screenshot } from './preview.ts';

const PAGE = '/plugins/sonde-troubleshoot-app';

describePreview('the configuration page', { scenario: 'empty' }, (preview) => {
  test('says that the analyzer is there and what it runs on', async (context) => {
    const page = await preview.open(context, PAGE);
    await page.getByRole('button', { name: 'Test the connection' }).click();
    const result = page.getByRole('status').filter({ hasText: 'Connected to Sonde' });
    await result.or(page.getByText('Connected to Sonde')).first().waitFor();
    assert.match(await page.innerText('body'), /database: SQLite/);
    await assertNothingCutOff(page);
    await assertAccessible(page);
    await screenshot(page, 'configuration');
  });

  test('refuses an address that is none', async (context) => {
    const page = await preview.open(context, PAGE, { theme: 'light', width: 800 });
    await page.getByLabel('Address').fill('analyzer:3200');
    await page.getByText('This is no http address').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    await screenshot(page, 'configuration-bad-address');
  });
});

describePreview(
  'models, settings and templates',
  { scenario: 'none', settings: async (context) => (await remoteModel(context)).settings },
  (preview) => {
    test('a model is loaded and unloaded', async (context) => {
      const page = await preview.open(context, `${PAGE}?tab=models`);
      await page.getByRole('button', { name: 'Load one' }).click();
      await page.getByRole('cell', { name: 'loaded', exact: true }).waitFor();
      await assertAccessible(page);
      await screenshot(page, 'configuration-models');
      await page.getByRole('button', { name: 'Unload one' }).click();
      await page.getByRole('cell', { name: 'not loaded' }).waitFor();
    });

    test('settings are changed for everybody, and a wrong one is refused with the reason', async (context) => {
      const page = await preview.open(context, `${PAGE}?tab=settings`, {
        theme: 'light',
        width: 800,
        complaints: /400/,
      });
      await page.getByLabel('Language').fill('German');
      await page.getByLabel('Names that no model may see').fill('Acme\nUmbrella\n');
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByText('Saved for everybody').waitFor();
      await assertNothingCutOff(page);
      await assertAccessible(page);
      await screenshot(page, 'configuration-settings');
      await page.reload();
      await page.getByLabel('Language').waitFor();
      assert.equal(await page.getByLabel('Language').inputValue(), 'German');
      assert.equal(await page.getByLabel('Names that no model may see').inputValue(), 'Acme\nUmbrella');
      await page.getByLabel('Language').fill('1');
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByText('must be the name of a language').waitFor();
    });

    test('a template is made, shown as a prompt, changed and deleted', async (context) => {
      const page = await preview.open(context, `${PAGE}?tab=templates`, { width: 1600 });
      await page.getByRole('button', { name: 'New template' }).click();
      await page.getByLabel('Name').fill('for-managers');
      await page.getByLabel('For whom the model writes').fill('Write two sentences for <b>managers</b>.');
      await page.getByRole('button', { name: 'Show the prompt' }).click();
      await page.getByText('No model was asked').waitFor();
      await page.getByText('<b>managers</b>').last().waitFor();
      await assertAccessible(page);
      await screenshot(page, 'configuration-template');
      await page.getByRole('button', { name: 'Save template' }).click();
      await page.getByRole('button', { name: 'Change for-managers' }).click();
      await page.getByLabel('For whom the model writes').fill('Write one sentence for managers.');
      await page.getByRole('button', { name: 'Save template' }).click();
      await page.getByRole('cell', { name: 'Write one sentence for managers.' }).waitFor();
      await screenshot(page, 'configuration-templates');
      await page.getByRole('button', { name: 'Delete for-managers' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByRole('cell', { name: 'for-managers', exact: true }).waitFor({ state: 'detached' });
    });

    test('pasted lines are put into words by the model that is chosen', async (context) => {
      const page = await preview.open(context, '/a/sonde-troubleshoot-app/analyse');
      await page.getByLabel('Paste log lines').fill('2026-11-20T10:00:00Z ERROR pool is empty\n');
      await page.getByLabel('In the words of').click();
      await page.getByRole('option', { name: 'one', exact: true }).click();
      await page.getByLabel('Instruction').fill('Say whom to call.');
      await page.getByRole('button', { name: 'Analyse', exact: true }).click();
      // The stand-in for a model says nothing that evidence bears out: that is told.
      await page.getByText('This answer is not complete').waitFor();
      await page.getByTestId('sonde-summary').waitFor();
      await screenshot(page, 'analyse-with-model');
    });
  },
);

describePreview(
  'the configuration page, with the key of a viewer',
  { scenario: 'none', withKey: true },
  (preview) => {
    test('says which role a change takes', async (context) => {
      const page = await preview.open(context, PAGE, { complaints: /401|403/ });
      await page.getByLabel('API key').fill(preview.viewerKey);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('button', { name: 'Reset' }).waitFor();
      await page.getByRole('tab', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Save settings' }).click();
      await page.getByText('This takes the role').waitFor();
    });
  },
);

describePreview(
  'the configuration page, with keys',
  { scenario: 'empty', settings: { API_KEYS_REQUIRED: 'true' } },
  (preview) => {
    test('says that the key is missing', async (context) => {
      const page = await preview.open(context, PAGE, { complaints: /401/ });
      await page.getByRole('button', { name: 'Test the connection' }).click();
      await page.getByText('This takes an API key').waitFor();
      await screenshot(page, 'configuration-no-key');
    });
  },
);
