// finds: foreign-code-with-credentials
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Build') {
            if (env.CHANGE_ID || env.BRANCH_NAME == 'main') {
                sshagent(['deploy-key']) {
                    sh './gradlew build'
                }
            }
        }
    }
}
