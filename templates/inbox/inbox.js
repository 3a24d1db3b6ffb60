// Shows new mails as they come. Without this script the page loads itself again every ten seconds.
async function look() {
  if (document.hidden) return;
  try {
    const { id, total } = await (await fetch('api/latest')).json();
    const mails = document.getElementById('mails');
    if (mails.dataset.newest === (id ?? '') && mails.dataset.total === String(total)) return;
    const page = new DOMParser().parseFromString(await (await fetch('./')).text(), 'text/html');
    show(page);
  } catch {
    // The inbox is not running: when it is back, it is asked again.
  }
}

function show(page) {
  // The button comes and goes with the mails; otherwise it is left alone, it may be open.
  const hadButton = document.querySelector('.empty') !== null;
  const hasButton = page.querySelector('.empty') !== null;
  for (const part of [hadButton === hasButton ? '#count' : '.head', '#mails']) {
    document.querySelector(part).replaceWith(page.querySelector(part));
  }
  document.title = page.title;
  document.getElementById('news').textContent = document.getElementById('count').textContent;
}

setInterval(look, 2000);
document.addEventListener('visibilitychange', look);
