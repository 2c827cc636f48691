// finds: pasted-injection
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Preview') {
            preview(branch: env.CHANGE_BRANCH, size: 'small')
        }
    }
}
// --- vars/preview.groovy
def call(Map settings) {
    sh "./preview.sh --size ${settings.size} --branch ${settings.branch}"
}
