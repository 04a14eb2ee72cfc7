import type { WatchedPage } from '@nasc/client/test-support';
import type { Locator } from 'playwright-core';

type Page = WatchedPage['page'];

/** What a new list holds, as {@link showsTodos} takes it. */
export const FIRST_TODOS = ['*Learn Nasc', 'Build an app'];

/** Opens the app; resolves when the page is connected and shows the list as a new one is. */
export async function openTodos({ page }: WatchedPage, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('[na-status="online"]').waitFor();
  await showsTodos(page, ...FIRST_TODOS);
  // The profile is an instance of its own, and comes by itself.
  await page.locator('.email').getByText('@').waitFor();
}

/** Resolves when the list shows these todos, `*` before a title for one that is done. */
export async function showsTodos(page: Page, ...wanted: string[]): Promise<void> {
  await page.waitForFunction(
    (expected) =>
      JSON.stringify(
        [...document.querySelectorAll('.todos li')].map(
          (row) =>
            (row.querySelector('input')!.checked ? '*' : '') + row.querySelector('.title')!.textContent,
        ),
      ) === expected,
    JSON.stringify(wanted),
  );
}

/** Writes a todo into the form and sends it; does not wait for it to appear. */
export async function addTodo(page: Page, title: string): Promise<void> {
  await page.getByLabel('What needs to be done?').fill(title);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** The row of a todo. */
export function todoRow(page: Page, title: string): Locator {
  return page.locator('.todos li', { hasText: title });
}
