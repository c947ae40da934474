const openMenus = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')];

/** Menus close on Escape, which returns the focus to their button, and on a click elsewhere. */
export function closeMenus(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
  });
  document.addEventListener('click', (event) => {
    for (const menu of openMenus())
      if (!menu.contains(event.target as Node) || (event.target as Element).closest('a')) menu.open = false;
  });
}
