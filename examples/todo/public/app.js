// What the attributes cannot say: an error of the server is shown, and the footer marks the transport in use.

const notice = document.querySelector('.error-notice');
let hiding;

document.addEventListener('nasc:error', ({ detail }) => {
  notice.textContent = detail.message;
  notice.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (notice.hidden = true), 8000);
});

const transport = new URLSearchParams(location.search).get('transport') === 'ws' ? 'ws' : 'sse';
document.querySelector(`nav .${transport}`).setAttribute('aria-current', 'true');
