type Choice = 'auto' | 'light' | 'dark';

const KEY = 'bakeoff-theme';
const NEXT: Record<Choice, Choice> = { auto: 'light', light: 'dark', dark: 'auto' };
const LABELS: Record<Choice, string> = {
  auto: '◐ Theme: system',
  light: '○ Theme: light',
  dark: '● Theme: dark',
};

/** A browser may refuse storage to a page from disk; the choice then lasts only as long as the page. */
function stored(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}

function store(choice: Choice): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Kept only in the page.
  }
}

/** A button that cycles through the three themes. */
export function addThemeToggle(): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'theme';
  let choice = stored();
  const show = (): void => {
    if (choice === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    button.textContent = LABELS[choice];
  };
  button.addEventListener('click', () => {
    choice = NEXT[choice];
    store(choice);
    show();
  });
  show();
  document.querySelector('.bar')?.append(button);
}
