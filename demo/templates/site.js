function setHome(link) { alert('请在浏览器的设置中把本页设为主页'); }
function addFavorite() { alert('请按 Ctrl+D 收藏本站'); }
function toggleElder() { document.body.style.fontSize = document.body.style.fontSize ? '' : '20px'; }
function goTop() { window.scrollTo(0, 0); }
function doZoom(size) { var text = document.getElementById('zoom'); if (text) text.style.fontSize = size + 'px'; }
function share(to) { alert('请使用' + (to === 'wx' ? '微信' : '微博') + '的分享功能'); }
function todayText() { var now = new Date(); return now.getFullYear() + '年' + (now.getMonth() + 1) + '月' + now.getDate() + '日 星期' + '日一二三四五六'.charAt(now.getDay()); }
